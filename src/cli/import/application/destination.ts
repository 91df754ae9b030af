import type { KubeConfigRef } from '../../../shared/api/types.ts';
import type { Input } from '../input.ts';
import { stageName } from '../names.ts';

export interface Destination {
  readonly namespace: string | undefined;
  readonly server: string | undefined;
  readonly cluster: string | undefined;
  readonly kubeConfig: KubeConfigRef | undefined;
}

const HERE = { server: 'https://kubernetes.default.svc', cluster: 'in-cluster' } as const;

/** Another cluster needs a Secret that nobody has yet; until then nothing is applied, here least of all. */
export function destinationOf(spec: Input, application: string): Destination {
  const destination = spec.part('destination');
  const namespace = destination?.text('namespace');
  if (namespace === undefined) {
    spec.noteAt('spec.destination.namespace', [
      'it names none, so the StageSet and its sources are where the Application was',
      'set metadata.namespace of them all to where they are to be, and where the ServiceAccount is',
    ]);
  }
  const server = destination?.text('server');
  const cluster = destination?.text('name');
  const isHere = (server ?? HERE.server) === HERE.server && (cluster ?? HERE.cluster) === HERE.cluster;
  if (isHere) return { namespace, server: HERE.server, cluster: HERE.cluster, kubeConfig: undefined };
  const secret = `${stageName(application)}-kubeconfig`;
  destination?.note(server === undefined ? 'name' : 'server', [
    "how to get to the cluster is in a Secret of Argo CD's",
    `make a Secret "${secret}" beside the StageSet, with a kubeconfig under the key "value"`,
  ]);
  return { namespace, server, cluster, kubeConfig: { secretRef: { name: secret } } };
}
