import type { InventoryTarget, StageInventory } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Entry, Shard } from './shards.ts';

/** What one stage has put on the cluster, read back from its shards. */
export interface RecordedStage {
  readonly stage: string;
  readonly position: number;
  readonly target: InventoryTarget | undefined;
  readonly shards: readonly RecordedShard[];
  readonly entries: ReadonlyMap<ObjectId, Entry>;
}

export interface RecordedShard extends Shard {
  readonly name: string;
  readonly uid: string;
}

/** By stage name; shards are told by their labels and owner, whatever they are called. */
export type RecordedInventory = ReadonlyMap<string, RecordedStage>;

export function readInventory(shards: readonly StageInventory[], ownerUid: string): RecordedInventory {
  const owned = shards.filter((shard) => shard.metadata.ownerReferences?.some((owner) => owner.uid === ownerUid));
  const byStage = Map.groupBy(owned, (shard) => shard.metadata.labels?.[keys.stage] ?? '');
  return new Map([...byStage].map(([stage, own]) => [stage, joinShards(stage, own)]));
}

function joinShards(stage: string, shards: readonly StageInventory[]): RecordedStage {
  const recorded = shards.map(toShard).toSorted((a, b) => a.index - b.index);
  const first = shards[0];
  return {
    stage,
    position: first?.spec.stagePosition ?? 0,
    target: first?.spec.target,
    shards: recorded,
    entries: new Map(recorded.flatMap((shard) => shard.entries.map((entry) => [entry.id, entry] as const))),
  };
}

function toShard(inventory: StageInventory): RecordedShard {
  return {
    index: Number(inventory.metadata.labels?.[keys.inventoryShard] ?? 0),
    name: inventory.metadata.name,
    uid: inventory.metadata.uid ?? '',
    entries: inventory.spec.entries,
  };
}
