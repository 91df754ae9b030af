import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { leniently, struct, text } from '../kustomization/decode.ts';
import { NodeMap } from '../nodes/node.ts';
import { plainScalar } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';

const shape = struct({
  cloud: text,
  serviceAccount: struct({ name: text, projectId: text }),
  kubernetesService: struct({ name: text, namespace: text }),
});

/** A ServiceAccount that acts as one of Google's cloud. */
export function serviceAccountFor(config: YamlValue): NodeMap {
  const { cloud, serviceAccount = {}, kubernetesService = {} } = shape(config, '', leniently);
  if (cloud !== 'gke') throw new Problem('configuration', 'an IAMPolicyGenerator is for the cloud gke only');
  const annotations = new NodeMap();
  const { name = '', projectId = '' } = serviceAccount;
  annotations['iam.gke.io/gcp-service-account'] = `${name}@${projectId}.iam.gserviceaccount.com`;
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
