import { accountOf, type Reach } from '../../main/apply/cluster.ts';
import { askClusterName } from '../../main/apply/cluster-name.ts';
import { type RecordedStage, readInventory } from '../../main/inventory/recorded.ts';
import { NO_ACCOUNT, sameCluster } from '../../main/inventory/target.ts';
import { isForbidden } from '../../main/kube/errors.ts';
import { stageInventoryResource } from '../../main/kube/own-kinds.ts';
import { listPaged } from '../../main/kube/requests.ts';
import type { InventoryTarget, StageInventory } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import { isMap, type YamlMap } from '../../shared/yaml/yaml-value.ts';
import type { ClusterOrigin } from '../build/from-cluster.ts';
import { warn } from '../tell.ts';

export interface Recorded {
  readonly stages: readonly RecordedStage[];
  /** Where the spec leads now, and as whom. */
  readonly here: InventoryTarget;
}

/** What the controller has put up so far; undefined where that may not be looked at. */
export async function recordedStages({ set, cluster }: ClusterOrigin, reach: Reach): Promise<Recorded | undefined> {
  const { namespace, name, uid = '' } = set.metadata;
  const labelSelector = `${keys.inventoryStageSet}=${labelValue(name)}`;
  try {
    const selection = { resource: stageInventoryResource, namespace, labelSelector };
    const { items } = await listPaged<StageInventory>(cluster.client, selection);
    const here = { cluster: await clusterAmong(items, reach), identity: accountOf(set) ?? NO_ACCOUNT };
    return { stages: readInventory(items, uid, here), here };
  } catch (error) {
    if (!isForbidden(error)) throw error;
    warn(`what would be pruned is not known: ${error.message}`);
    return undefined;
  }
}

/**
 * Whether secrets may have gone into an object when it was applied: the prints of such objects are not recorded, and
 * nobody knows of what another StageSet has applied.
 */
export function sensitivity(recorded: Recorded | undefined): (id: ObjectId, live: YamlMap) => boolean {
  const entries = (recorded?.stages ?? []).flatMap((stage) => [...stage.entries.values()]);
  const prints = new Map(entries.map(({ id, p }) => [id, p]));
  return (id, { metadata }) => {
    const labels = isMap(metadata) && isMap(metadata.labels) ? metadata.labels : {};
    const isApplied = prints.has(id) || labels[keys.ownerName] !== undefined || recorded === undefined;
    return isApplied && prints.get(id) === undefined;
  };
}

/** The controller knows its cluster by another address: only a UID can tell that a record is of another cluster. */
async function clusterAmong(inventories: readonly StageInventory[], { cluster, as }: Reach): Promise<string> {
  const name = await askClusterName({ client: cluster.client, server: '', ca: undefined, as });
  const [uid] = name.split('/');
  const recorded = inventories.flatMap(({ spec }) => spec.target?.cluster ?? []);
  return recorded.find((each) => !uid || !each.split('/')[0] || sameCluster(each, name)) ?? name;
}
