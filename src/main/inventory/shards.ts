import type { ObjectId } from '../../shared/objects/object-id.ts';

/** One object that a stage put on the cluster: `v` its apiVersion, `p` the print its last apply left. */
export interface Entry {
  readonly id: ObjectId;
  readonly v: string;
  readonly p?: string;
}

export interface Shard {
  readonly index: number;
  readonly entries: readonly Entry[];
}

export interface ShardLimits {
  readonly entries: number;
  readonly bytes: number;
}

/**
 * Which shards to write, so that together they hold exactly `wanted`.
 *
 * An entry stays in the shard that has it and a new one goes where there is room, so no entry ever moves: each
 * write stands for itself, and a crash between two of them loses none that both the old and the new set name.
 * The first shard stays, even empty, while the stage has an inventory; other empty ones are for deletion.
 */
export function planShards(
  current: readonly Shard[],
  wanted: ReadonlyMap<ObjectId, Entry>,
  limits: ShardLimits,
): { readonly write: readonly Shard[]; readonly remove: readonly number[] } {
  const kept = current.map((shard) => ({ index: shard.index, entries: keepWanted(shard.entries, wanted) }));
  const placed = new Set(kept.flatMap((shard) => shard.entries.map((entry) => entry.id)));
  const rooms = fill(
    kept,
    [...wanted.values()].filter((entry) => !placed.has(entry.id)),
    limits,
  );

  const before = new Map(current.map((shard) => [shard.index, shard.entries]));
  const wantedShards = rooms.map((room) => ({ index: room.index, entries: room.entries.toSorted(byId) }));
  return {
    write: wantedShards.filter(
      (shard) =>
        (shard.entries.length > 0 || shard.index === 0) && !sameEntries(before.get(shard.index), shard.entries),
    ),
    remove: wantedShards.filter((shard) => shard.entries.length === 0 && shard.index > 0).map((shard) => shard.index),
  };
}

interface Room {
  readonly index: number;
  readonly entries: Entry[];
}

function keepWanted(entries: readonly Entry[], wanted: ReadonlyMap<ObjectId, Entry>): Entry[] {
  return entries.flatMap((entry) => wanted.get(entry.id) ?? []);
}

function fill(rooms: readonly Room[], homeless: readonly Entry[], limits: ShardLimits): readonly Room[] {
  const all = [...rooms].sort((a, b) => a.index - b.index);
  if (all.length === 0) all.push({ index: 0, entries: [] });
  const sizes = new Map(all.map((room) => [room, totalBytes(room.entries)]));
  const hasRoomFor = (room: Room, entry: Entry) =>
    room.entries.length < limits.entries && (sizes.get(room) ?? 0) + entryBytes(entry) <= limits.bytes;

  let open = 0;
  for (const entry of homeless) {
    let room = all[open];
    while (room !== undefined && !hasRoomFor(room, entry)) room = all[++open];
    if (room === undefined) {
      room = { index: firstFreeIndex(all), entries: [] };
      all.push(room);
    }
    room.entries.push(entry);
    sizes.set(room, (sizes.get(room) ?? 0) + entryBytes(entry));
  }
  return all;
}

function firstFreeIndex(rooms: readonly Room[]): number {
  const taken = new Set(rooms.map((room) => room.index));
  let index = 0;
  while (taken.has(index)) index++;
  return index;
}

function totalBytes(entries: readonly Entry[]): number {
  return entries.reduce((sum, entry) => sum + entryBytes(entry), 0);
}

/** As JSON: `{"id":"…","v":"…","p":"…"},`. */
function entryBytes(entry: Entry): number {
  return Buffer.byteLength(entry.id) + entry.v.length + (entry.p?.length ?? 0) + 24;
}

function byId(a: Entry, b: Entry): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function sameEntries(a: readonly Entry[] | undefined, b: readonly Entry[]): boolean {
  if (a === undefined || a.length !== b.length) return false;
  return a.every((entry, i) => {
    const other = b[i];
    return other !== undefined && entry.id === other.id && entry.v === other.v && entry.p === other.p;
  });
}
