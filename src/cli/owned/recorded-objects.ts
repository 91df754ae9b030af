import { joinEntries } from '../../main/inventory/recorded.ts';
import { stageInventoryResource } from '../../main/kube/own-kinds.ts';
import type { StageInventory, StageSet } from '../../shared/api/types.ts';
import { keys, labelValue } from '../../shared/labels.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { waveOf } from '../../shared/objects/waves.ts';
import type { Reader } from './reader.ts';

export interface RecordedObject {
  readonly id: ObjectId;
  readonly apiVersion: string;
}

/**
 * What the inventories of a StageSet say that its stages have put up, by stage and in the order of their apply.
 * Undefined: the user may not read them.
 */
export async function recordedObjects(
  set: StageSet,
  reader: Reader,
): Promise<ReadonlyMap<string, readonly RecordedObject[]> | undefined> {
  const { namespace, name, uid } = set.metadata;
  const inventories = await reader.list<StageInventory>({
    resource: stageInventoryResource,
    namespace,
    labelSelector: `${keys.inventoryStageSet}=${labelValue(name)}`,
  });
  if (inventories === undefined) return undefined;
  const own = inventories.filter(({ metadata }) => metadata.ownerReferences?.some((owner) => owner.uid === uid));
  const byStage = Map.groupBy(own, ({ metadata }) => metadata.labels?.[keys.stage] ?? '');
  return new Map([...byStage].map(([stage, shards]) => [stage, objectsIn(shards)]));
}

function objectsIn(shards: readonly StageInventory[]): readonly RecordedObject[] {
  const entries = [...joinEntries(shards.map(({ spec }) => spec)).values()];
  return entries.map(({ id, v }) => ({ id, apiVersion: v })).toSorted((a, b) => rank(a) - rank(b));
}

function rank({ id }: RecordedObject): number {
  const { group = '', kind = '', namespace = '' } = parseObjectId(id) ?? {};
  return waveOf({ group, kind, clusterScoped: namespace === '', definedHere: false });
}
