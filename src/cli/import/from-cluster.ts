import { isNotFound, KubeError } from '../../main/kube/errors.ts';
import { getObject } from '../../main/kube/requests.ts';
import type { Resource } from '../../main/kube/types.ts';
import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
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

const argo = { ...common, group: 'argoproj.io', version: 'v1alpha1' };
const project: Resource = { ...argo, kind: 'AppProject', plural: 'appprojects' };

/** The newest first: older versions of Flux serve only the second. */
const resources: Readonly<Record<ImportedKind, readonly [Resource, ...Resource[]]>> = {
  Kustomization: [
    { ...kustomization, version: 'v1' },
    { ...kustomization, version: 'v1beta2' },
  ],
  Application: [{ ...argo, kind: 'Application', plural: 'applications' }],
};

/** The object to import, and of an Application its project, where we may read it. */
export function objectsFromCluster(
  kind: ImportedKind,
  name: string,
  flags: ConnectionFlags,
): Promise<readonly YamlMap[]> {
  return withCluster(flags, async (cluster) => {
    for (const resource of resources[kind]) {
      const found = await find(cluster, resource, name);
      if (found !== undefined) return kind === 'Application' ? [...(await projectOf(cluster, found)), found] : [found];
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

async function projectOf(cluster: OpenCluster, { spec }: YamlMap): Promise<readonly YamlMap[]> {
  const name = isMap(spec) && typeof spec.project === 'string' ? spec.project : 'default';
  try {
    const found = await find(cluster, project, name);
    return found === undefined ? [] : [found];
  } catch (error) {
    if (error instanceof KubeError && error.status === 403) return [];
    throw error;
  }
}
