import type { InventoryTarget, StageInventory } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import { type Entry, freeIndex, type Shard } from './shards.ts';
import { sameTarget } from './target.ts';

/** What one stage has put up at one target, read back from its shards; without any of them where all are lost. */
export interface RecordedStage {
  readonly stage: string;
  readonly position: number;
  readonly target: InventoryTarget;
  /** By index. */
  readonly shards: readonly RecordedShard[];
  readonly entries: ReadonlyMap<ObjectId, Entry>;
}

export interface RecordedShard extends Shard {
  readonly inventory: StageInventory;
}

/**
 * What a StageSet has put up, by stage and target. Shards are told by their labels and owner, whatever they are
 * called; one that names no target counts as written for the target at hand.
 */
export function readInventory(
  shards: readonly StageInventory[],
  ownerUid: string,
  here: InventoryTarget,
): readonly RecordedStage[] {
  const owned = shards.filter(
    ({ metadata }) =>
      metadata.ownerReferences?.some((owner) => owner.uid === ownerUid) && metadata.labels?.[keys.stage] !== undefined,
  );
  const byStage = Map.groupBy(owned, (shard) => shard.metadata.labels?.[keys.stage] ?? '');
  return [...byStage].flatMap(([stage, own]) => {
    const byTarget = Map.groupBy(numbered(own), ({ inventory }) => JSON.stringify(targetOf(inventory, here)));
    return [...byTarget.values()].flatMap((each) => joinShards(stage, each, here));
  });
}

function targetOf({ spec: { target } }: StageInventory, here: InventoryTarget): InventoryTarget {
  if (target === undefined || sameTarget(target, here)) return { cluster: here.cluster, identity: here.identity };
  return { cluster: target.cluster, identity: target.identity };
}

function joinShards(stage: string, shards: readonly RecordedShard[], here: InventoryTarget): RecordedStage[] {
  const [first] = shards;
  if (first === undefined) return [];
  const target = targetOf(first.inventory, here);
  let entries: RecordedStage['entries'] | undefined;
  return [
    {
      stage,
      position: first.inventory.spec.stagePosition,
      target,
      shards,
      // Most who ask only want to know which shards there are.
      get entries() {
        entries ??= joinEntries(shards);
        return entries;
      },
    },
  ];
}

/** While an entry moves it is in two shards: a print on which they differ is none to trust. */
export function joinEntries(shards: readonly Pick<Shard, 'entries'>[]): ReadonlyMap<ObjectId, Entry> {
  const entries = new Map<ObjectId, Entry>();
  for (const entry of shards.flatMap((shard) => shard.entries)) {
    const known = entries.get(entry.id);
    entries.set(entry.id, known === undefined || known.p === entry.p ? entry : { id: entry.id, v: entry.v });
  }
  return entries;
}

/** By their labels; one without a number, or with one that another has, gets the next that is free. */
function numbered(shards: readonly StageInventory[]): readonly RecordedShard[] {
  const taken = new Set<number>();
  return shards
    .toSorted((a, b) => labelled(a) - labelled(b) || (a.metadata.name < b.metadata.name ? -1 : 1))
    .map((inventory) => {
      const label = labelled(inventory);
      const index = freeIndex(taken, label === UNNUMBERED ? 0 : label);
      taken.add(index);
      return { index, entries: inventory.spec.entries, inventory };
    });
}

const UNNUMBERED = Number.MAX_SAFE_INTEGER;

function labelled({ metadata }: StageInventory): number {
  const label = metadata.labels?.[keys.inventoryShard] ?? '';
  return /^\d{1,6}$/.test(label) ? Number(label) : UNNUMBERED;
}
