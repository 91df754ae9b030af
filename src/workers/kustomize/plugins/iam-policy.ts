import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { leniently, struct, text } from '../kustomization/decode.ts';
import { NodeMap } from '../nodes/node.ts';
import { plainScalar } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';

const shape = struct({
  cloud: text,
  projectId: text,
  serviceAccount: struct({ name: text }),
  kubernetesService: struct({ name: text, namespace: text }),
});

/** A ServiceAccount that acts as one of Google's cloud. */
export function serviceAccountFor(config: YamlValue): NodeMap {
  const { cloud, projectId = '', serviceAccount = {}, kubernetesService = {} } = shape(config, '', leniently);
  if (cloud !== 'gke') throw new Problem('configuration', 'an IAMPolicyGenerator is for the cloud gke only');
  const annotations = new NodeMap();
  annotations['iam.gke.io/gcp-service-account'] = `${serviceAccount.name ?? ''}@${projectId}.iam.gserviceaccount.com`;
  const metadata = new NodeMap();
  metadata.annotations = annotations;
  metadata.name = plainScalar(kubernetesService.name ?? '');
  if (kubernetesService.namespace) metadata.namespace = plainScalar(kubernetesService.namespace);
  const account = new NodeMap();
  account.apiVersion = 'v1';
  account.kind = 'ServiceAccount';
  account.metadata = metadata;
  return account;
}
