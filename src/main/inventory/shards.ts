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

export interface ShardPlan {
  /** In this order: what takes an entry over is written before what gives it up. */
  readonly write: readonly Shard[];
  /** Then these go. */
  readonly remove: readonly number[];
}

/**
 * Which shards to write, so that together they hold exactly `wanted`, and in which order.
 *
 * Promises: whatever write is the last before a crash, what both the old and the new set name is in some shard. An
 * entry stays where it is unless its shard holds more than it may, or an earlier one has room for all that it holds.
 * The first shard stays first, even empty, while the stage has an inventory.
 */
export function planShards(
  current: readonly Shard[],
  wanted: ReadonlyMap<ObjectId, Entry>,
  limits: ShardLimits,
  /** Indexes that other shards of the stage have. */
  taken: ReadonlySet<number> = new Set(),
): ShardPlan {
  const rooms = roomsOf(current, wanted, limits, taken);
  const placed = new Set(rooms.flatMap((room) => room.entries.map(({ id }) => id)));
  for (const entry of wanted.values()) if (!placed.has(entry.id)) place(entry, rooms, limits, taken);
  joinSmall(rooms, limits);

  const before = new Map(current.map((shard) => [shard.index, shard.entries]));
  const first = rooms[0]?.index;
  const after = rooms.map((room): Shard => ({ index: room.index, entries: room.entries.toSorted(byId) }));
  const changed = after.filter(
    ({ index, entries }) => (entries.length > 0 || index === first) && !sameEntries(before.get(index), entries),
  );
  const { gains = [], losses = [] } = Object.groupBy(changed, (shard) =>
    gainsEntries(before.get(shard.index), shard) ? 'gains' : 'losses',
  );
  return {
    write: [...gains, ...losses],
    remove: after.filter(({ index, entries }) => entries.length === 0 && index !== first).map(({ index }) => index),
  };
}

/** The lowest index, from this one on, that nobody has. */
export function freeIndex(taken: ReadonlySet<number>, from = 0): number {
  let index = from;
  while (taken.has(index)) index += 1;
  return index;
}

interface Room {
  readonly index: number;
  readonly entries: Entry[];
  bytes: number;
  /** Gives entries up, so it takes none: else no order of writes would be safe. */
  gives: boolean;
}

/** What is there of what is wanted, once each, as far as the limits let it stay. */
function roomsOf(
  current: readonly Shard[],
  wanted: ReadonlyMap<ObjectId, Entry>,
  limits: ShardLimits,
  taken: ReadonlySet<number>,
): Room[] {
  const seen = new Set<ObjectId>();
  const rooms = current
    .toSorted((a, b) => a.index - b.index)
    .map((shard): Room => {
      const room: Room = { index: shard.index, entries: [], bytes: 0, gives: false };
      for (const { id } of shard.entries) {
        const entry = wanted.get(id);
        if (entry === undefined || seen.has(id)) continue;
        if (hasRoomFor(room, entry, limits)) {
          seen.add(id);
          add(entry, room);
        } else room.gives = true;
      }
      return room;
    });
  return rooms.length === 0 ? [emptyRoom(freeIndex(taken))] : rooms;
}

function place(entry: Entry, rooms: Room[], limits: ShardLimits, taken: ReadonlySet<number>): void {
  let room = rooms.find((each) => !each.gives && hasRoomFor(each, entry, limits));
  if (room === undefined) {
    room = emptyRoom(freeIndex(new Set([...taken, ...rooms.map(({ index }) => index)]), rooms[0]?.index));
    rooms.push(room);
  }
  add(entry, room);
}

/** What fits into an earlier shard as a whole goes there. */
function joinSmall(rooms: readonly Room[], limits: ShardLimits): void {
  for (const [i, small] of [...rooms.entries()].toReversed()) {
    if (small.entries.length === 0) continue;
    const host = rooms
      .slice(0, i)
      .find(
        ({ gives, entries, bytes }) =>
          !gives && entries.length + small.entries.length <= limits.entries && bytes + small.bytes <= limits.bytes,
      );
    if (host === undefined) continue;
    for (const entry of small.entries.splice(0)) add(entry, host);
    small.gives = true;
  }
}

function emptyRoom(index: number): Room {
  return { index, entries: [], bytes: 0, gives: false };
}

function hasRoomFor(room: Room, entry: Entry, limits: ShardLimits): boolean {
  if (room.entries.length === 0) return true;
  return room.entries.length < limits.entries && room.bytes + entryBytes(entry) <= limits.bytes;
}

function add(entry: Entry, room: Room): void {
  room.entries.push(entry);
  room.bytes += entryBytes(entry);
}

/** Around id and version, with a comma. Always with a print: an entry that waits for its own is not to move then. */
const FRAME_BYTES = JSON.stringify({ id: '', v: '', p: '0'.repeat(22) }).length + 1;

/** As the API server stores it: JSON, in which Go writes some letters of a name in six. */
function entryBytes({ id, v }: Entry): number {
  const text = `${id}${v}`;
  if (/^[\w.:/-]*$/.test(text)) return FRAME_BYTES + text.length;
  const quoted = Buffer.byteLength(JSON.stringify(text)) - 2;
  return FRAME_BYTES + quoted + 5 * (text.match(/[<>&\u2028\u2029]/g)?.length ?? 0);
}

function byId(a: Entry, b: Entry): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function gainsEntries(before: readonly Entry[] | undefined, { entries }: Shard): boolean {
  const had = new Set(before?.map(({ id }) => id));
  return entries.some(({ id }) => !had.has(id));
}

function sameEntries(a: readonly Entry[] | undefined, b: readonly Entry[]): boolean {
  if (a === undefined || a.length !== b.length) return false;
  return a.every((entry, i) => {
    const other = b[i];
    return other !== undefined && entry.id === other.id && entry.v === other.v && entry.p === other.p;
  });
}
