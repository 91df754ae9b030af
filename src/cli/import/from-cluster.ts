import { isNotFound } from '../../main/kube/errors.ts';
import { getObject } from '../../main/kube/requests.ts';
import type { Resource } from '../../main/kube/types.ts';
import type { YamlMap } from '../../shared/yaml/yaml-value.ts';
import { RuntimeError } from '../cli-error.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import type { ImportedKind } from './kinds.ts';

const common = { namespaced: true, verbs: ['get'] } as const;
const kustomization = {
  ...common,
  group: 'kustomize.toolkit.fluxcd.io',
  kind: 'Kustomization',
  plural: 'kustomizations',
};

/** The newest first: older versions of Flux serve only the second. */
const resources: Readonly<Record<ImportedKind, readonly [Resource, ...Resource[]]>> = {
  Kustomization: [
    { ...kustomization, version: 'v1' },
    { ...kustomization, version: 'v1beta2' },
  ],
};

/** The object to import. */
export function objectsFromCluster(
  kind: ImportedKind,
  name: string,
  flags: ConnectionFlags,
): Promise<readonly YamlMap[]> {
  return withCluster(flags, async (cluster) => {
    for (const resource of resources[kind]) {
      const found = await find(cluster, resource, name);
      if (found !== undefined) return [found];
    }
    throw new RuntimeError(
      `${kind} ${cluster.namespace}/${name} does not exist: choose its namespace with -n, its cluster with --context`,
    );
  });
}

async function find(cluster: OpenCluster, resource: Resource, name: string): Promise<YamlMap | undefined> {
  const { client, namespace } = cluster;
  try {
    return await getObject<YamlMap>(client, { resource, namespace, name });
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
