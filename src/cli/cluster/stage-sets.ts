/**
 * StageSets as a user reads them: `readStageSet(cluster, name)`, of the namespace that is meant, and
 * `listStageSets(cluster, selection)`. One that is not there is looked for elsewhere and under names like it, so that
 * the error says what to do.
 */
import { isNotFound, type KubeError } from '../../main/kube/errors.ts';
import { stageSetResource } from '../../main/kube/own-kinds.ts';
import { getObject, listPaged, type Selection } from '../../main/kube/requests.ts';
import type { MetadataObject } from '../../main/kube/types.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { RuntimeError } from '../cli-error.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import { nearNames } from './near-names.ts';

export async function readStageSet(cluster: OpenCluster, name: string, signal?: AbortSignal): Promise<StageSet> {
  const { client, namespace } = cluster;
  try {
    return await getObject<StageSet>(client, {
      resource: stageSetResource,
      namespace,
      name,
      ...(signal !== undefined && { signal }),
    });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw isWithoutKind(error) ? noStageSets() : await notThere(cluster, name);
  }
}

export async function listStageSets(
  { client }: Pick<OpenCluster, 'client'>,
  selection: Pick<Selection, 'namespace' | 'labelSelector'>,
): Promise<readonly StageSet[]> {
  try {
    return (await listPaged<StageSet>(client, { resource: stageSetResource, ...selection })).items;
  } catch (error) {
    throw isNotFound(error) ? noStageSets() : error;
  }
}

/** Of a kind that it does not serve the API server names no object. */
function isWithoutKind({ details }: KubeError): boolean {
  return details?.name === undefined;
}

function noStageSets(): RuntimeError {
  return new RuntimeError('this cluster has no StageSets: install the CRDs, or choose another with --context');
}

async function notThere(cluster: OpenCluster, name: string): Promise<RuntimeError> {
  const { client, namespace } = cluster;
  const namesIn = async (selection: Omit<Selection, 'resource'>) => {
    const found = listPaged<MetadataObject>(client, { ...selection, resource: stageSetResource, answer: 'metadata' });
    // Who may not look elsewhere is told of nothing there.
    return found.then(({ items }) => items.map(({ metadata }) => metadata)).catch(() => []);
  };
  const what = `StageSet ${namespace}/${name} does not exist`;
  const elsewhere = (await namesIn({ fieldSelector: `metadata.name=${name}` })).map((each) => each.namespace ?? '');
  if (elsewhere.length > 0) return new RuntimeError(`${what}: there is one in ${anyOf(elsewhere)}, choose it with -n`);
  const there = (await namesIn({ namespace })).map((each) => each.name);
  const near = nearNames(name, there);
  if (near.length > 0) return new RuntimeError(`${what}: did you mean ${anyOf(near)}?`);
  return new RuntimeError(`${what}: choose another namespace with -n`);
}

function anyOf(names: readonly string[]): string {
  return names
    .slice(0, 3)
    .map((name) => `"${name}"`)
    .join(' or ');
}
