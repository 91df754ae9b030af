import type { Target } from '../../src/main/apply/cluster.ts';
import { KubeError } from '../../src/main/kube/errors.ts';
import { type ClusterClient, type KubeRequest, type Resource, unleased } from '../../src/main/kube/types.ts';
import { overrideManagers } from '../../src/main/live/override-managers.ts';

export function widgets(version: string): Resource {
  return { group: 'x.io', version, kind: 'Widget', plural: 'widgets', namespaced: true, verbs: [] };
}

/** For what a real server does not do when asked to: it gives these answers in turn, and remembers what it was asked. */
export function scriptedCluster(
  answers: readonly (object | KubeError)[],
  served: readonly (readonly Resource[])[] = [[widgets('v1')]],
) {
  const asked: KubeRequest[] = [];
  const left = [...answers];
  const discoveries = [...served];
  const client = {
    async send(request: KubeRequest) {
      asked.push(request);
      const answer = left.shift();
      if (answer instanceof KubeError) throw answer;
      return { status: 200, body: answer, warnings: [] };
    },
  } as unknown as ClusterClient;
  const find = ({ version }: { readonly version?: string }) =>
    discoveries[0]?.find((resource) => version === undefined || resource.version === version);
  const discovery = {
    find,
    lookUp: async (reference: { readonly version?: string }) => find(reference),
    refresh: async () => void discoveries.shift(),
  };
  const live = { isOverridden: overrideManagers([]) };
  const cluster = { client, discovery, live } as unknown as Target['cluster'];
  const target: Target = { cluster, as: undefined, lease: unleased, recordedAs: { cluster: '', identity: '' } };
  return { target, asked };
}

export function failure(status: number, details?: { readonly name: string }): KubeError {
  return new KubeError({ status, reason: '', message: `${status}`, details });
}
