import { parseObjectId } from '../../shared/objects/object-id.ts';
import type { Target } from '../apply/cluster.ts';
import { mapped } from '../apply/mapped.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import { isForbidden, isNotFound } from '../kube/errors.ts';
import { namespaceResource } from '../kube/own-kinds.ts';
import { getMetadata } from '../kube/requests.ts';
import type { ClusterClient, Lease } from '../kube/types.ts';
import { isInScope } from '../kube/watch-scope.ts';
import type { Run } from './world.ts';

interface Asking {
  readonly client: ClusterClient;
  readonly as?: string | undefined;
  readonly lease: Lease;
}

/** Whether the StageSet's own namespace is on its way out: nothing of the StageSet is to hold it up. */
export function homeEnds({ set, world, lease }: Run): Promise<boolean> {
  return isEnding({ client: world.cluster.client, lease }, set.metadata.namespace ?? '');
}

/** Of the namespaces that these objects are in, those whose end takes them along. */
export async function endingNamespaces(
  run: Run,
  { cluster, as, lease }: Target,
  stages: readonly RecordedStage[],
): Promise<ReadonlySet<string>> {
  const ids = stages.flatMap(({ entries }) => [...entries.keys()]);
  const names = [...new Set(ids.map((id) => parseObjectId(id)?.namespace ?? ''))].filter((name) => name !== '');
  const { client, scope } = cluster;
  const isOurs = (name: string) => run.set.spec.kubeConfig === undefined && isInScope(scope, name);
  const asking = (name: string) => ({ client, lease, as: isOurs(name) ? undefined : as });
  const ending = await mapped(names, 8, (name) => isEnding(asking(name), name));
  return new Set(names.filter((_, i) => ending[i]));
}

/** One that nobody may look at counts as staying. */
async function isEnding({ client, lease, as }: Asking, name: string): Promise<boolean> {
  try {
    const manner = { lease, ...(as === undefined ? {} : { as }) };
    const { metadata } = await getMetadata(client, { resource: namespaceResource, name, ...manner });
    return metadata.deletionTimestamp !== undefined;
  } catch (error) {
    if (isNotFound(error)) return true;
    if (isForbidden(error)) return false;
    throw error;
  }
}
