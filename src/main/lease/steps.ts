import { type LeaseRecord, leaseName } from './lease-object.ts';

/** A Lease as last seen. */
export interface Sighting extends LeaseRecord {
  /** Since when its holder has given no sign of life, by our own monotonic clock: what other clocks say never matters. */
  readonly silentSinceMs: number;
}

/** What this process holds, by shard. */
export type Hold =
  /** Taken, and not looked around since. */
  | { readonly is: 'claimed' }
  | { readonly is: 'leading' }
  /** To be given to this replica, or to nobody in particular (''), once nothing is under way; or to be left to lapse. */
  | { readonly is: 'leaving'; readonly to: string | undefined };

export interface View {
  readonly nowMs: number;
  readonly identity: string;
  readonly shards: number;
  readonly holds: ReadonlyMap<number, Hold>;
  /** By name. */
  readonly sightings: ReadonlyMap<string, Sighting>;
}

export type Step =
  | { readonly step: 'claim'; readonly shard: number }
  /** It may write from now on. */
  | { readonly step: 'lead'; readonly shard: number }
  | { readonly step: 'give'; readonly shard: number; readonly to: string }
  /** Somebody else has it. */
  | { readonly step: 'lose'; readonly shard: number }
  | { readonly step: 'ask'; readonly name: string }
  /** Of a holder that is dead and split the StageSets otherwise. */
  | { readonly step: 'clear'; readonly name: string };

/**
 * What to do about the Leases, given a look at all of them.
 * - A Lease is taken only from nobody, or from a holder that has been silent for as long as it promised not to be.
 * - While anyone who counts other shards holds any Lease, no shard is led anew. Two who claim at the same time each
 *   look again after they have claimed: at least one of them sees the other, and gives way.
 * - A replica with two shards fewer than another asks it for some; the other gives them when it finds the same.
 */
export function nextSteps(view: View): readonly Step[] {
  const held = [...view.sightings.values()].filter(({ holder }) => holder !== '');
  const names = shardNames(view);
  const { ours = [], others = [] } = Object.groupBy(held, (seen) =>
    seen.shards === view.shards && names.includes(seen.name) ? 'ours' : 'others',
  );
  if (others.length > 0) return [...giveWay(view), ...others.filter(isDead(view)).map(clear)];
  const free = freeShards(view);
  return [...keep(view, ours), ...(free.length > 0 ? free.map(claim) : ask(view, ours))];
}

/** Until when to do nothing, should nobody else do anything: the next holder counts as dead then. */
export function nextDeathMs({ nowMs, identity, sightings }: View): number {
  const others = [...sightings.values()].filter(({ holder }) => holder !== '' && holder !== identity);
  const deathsMs = others.map(({ silentSinceMs, durationMs }) => silentSinceMs + durationMs);
  return Math.min(...deathsMs.filter((deathMs) => deathMs > nowMs));
}

/** Others count other shards. What is led stays: they wait for us. What is only claimed goes back. */
function giveWay({ holds, identity, sightings, shards }: View): readonly Step[] {
  return [...holds].flatMap(([shard, hold]): Step[] => {
    if (sightings.get(leaseName(shard, shards))?.holder !== identity) return [{ step: 'lose', shard }];
    return hold.is === 'claimed' ? [{ step: 'give', shard, to: '' }] : [];
  });
}

function keep(view: View, ours: readonly Sighting[]): readonly Step[] {
  const counts = countsOf(view, ours);
  return [...view.holds].flatMap(([shard, hold]): Step[] => {
    const seen = view.sightings.get(leaseName(shard, view.shards));
    if (seen?.holder !== view.identity) return [{ step: 'lose', shard }];
    if (hold.is === 'claimed') return [{ step: 'lead', shard }];
    const { wantedBy: to } = seen;
    if (hold.is === 'leaving' || to === undefined || countOf(counts, view.identity) < countOf(counts, to) + 2)
      return [];
    counts.set(view.identity, countOf(counts, view.identity) - 1);
    counts.set(to, countOf(counts, to) + 1);
    return [{ step: 'give', shard, to }];
  });
}

/** Nobody's, a dead replica's, or ours without our doing: somebody has given it to us. */
function freeShards(view: View): readonly number[] {
  return shardNames(view).flatMap((name, shard) => {
    if (view.holds.has(shard)) return [];
    const seen = view.sightings.get(name);
    const isFree = seen === undefined || seen.holder === '' || seen.holder === view.identity || isDead(view)(seen);
    return isFree ? [shard] : [];
  });
}

function ask(view: View, ours: readonly Sighting[]): readonly Step[] {
  const counts = countsOf(view, ours);
  const [richest = '', most = 0] = [...counts].toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const asked = ours.filter(({ wantedBy }) => wantedBy === view.identity).length;
  const wanting = Math.floor((most - countOf(counts, view.identity)) / 2) - asked;
  return ours
    .filter(({ holder, wantedBy }) => holder === richest && wantedBy === undefined)
    .slice(0, Math.max(wanting, 0))
    .map(({ name }) => ({ step: 'ask', name }));
}

function countsOf({ identity, holds, shards }: View, ours: readonly Sighting[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { holder } of ours) counts.set(holder, countOf(counts, holder) + 1);
  for (const [shard, hold] of holds) {
    if (hold.is !== 'leaving') continue;
    if (!ours.some(({ name }) => name === leaseName(shard, shards))) continue;
    counts.set(identity, countOf(counts, identity) - 1);
    if (hold.to) counts.set(hold.to, countOf(counts, hold.to) + 1);
  }
  return counts;
}

function countOf(counts: ReadonlyMap<string, number>, replica: string): number {
  return counts.get(replica) ?? 0;
}

function isDead({ nowMs, identity }: View): (seen: Sighting) => boolean {
  return ({ holder, silentSinceMs, durationMs }) => holder !== identity && nowMs - silentSinceMs >= durationMs;
}

function shardNames({ shards }: View): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => leaseName(shard, shards));
}

const claim = (shard: number): Step => ({ step: 'claim', shard });
const clear = ({ name }: Sighting): Step => ({ step: 'clear', name });
