import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaseName } from './lease-object.ts';
import { type Hold, nextDeathMs, nextSteps, type Sighting, type Step } from './steps.ts';

const nowMs = 1_000_000;

/** The Lease of a shard, held by this replica, which gave a sign of life a second ago. */
function seen(shard: number, holder: string, rest: Partial<Sighting> = {}): Sighting {
  const { shards = 3 } = rest;
  const name = leaseName(shard, shards);
  return { name, holder, shards, durationMs: 15_000, wantedBy: undefined, silentSinceMs: nowMs - 1_000, ...rest };
}

const dead = { silentSinceMs: nowMs - 15_000 };
const claimed: Hold = { is: 'claimed' };
const leading: Hold = { is: 'leading' };

interface Row {
  readonly what: string;
  readonly shards: number;
  readonly seen: readonly Sighting[];
  readonly holds?: Readonly<Record<number, Hold>>;
  readonly want: readonly Step[];
}

const rows: readonly Row[] = [
  { what: 'no Lease yet', shards: 1, seen: [], want: [{ step: 'claim', shard: 0 }] },
  { what: 'nobody’s', shards: 1, seen: [seen(0, '', { shards: 1 })], want: [{ step: 'claim', shard: 0 }] },
  { what: 'another’s', shards: 1, seen: [seen(0, 'b', { shards: 1 })], want: [] },
  {
    what: 'another’s, silent for almost as long as it promised not to be',
    shards: 1,
    seen: [seen(0, 'b', { shards: 1, silentSinceMs: nowMs - 14_999 })],
    want: [],
  },
  {
    what: 'another’s who is dead',
    shards: 1,
    seen: [seen(0, 'b', { shards: 1, ...dead })],
    want: [{ step: 'claim', shard: 0 }],
  },
  {
    what: 'another’s who promised less often signs of life',
    shards: 1,
    seen: [seen(0, 'b', { shards: 1, ...dead, durationMs: 60_000 })],
    want: [],
  },
  { what: 'given to us', shards: 1, seen: [seen(0, 'a', { shards: 1 })], want: [{ step: 'claim', shard: 0 }] },
  {
    what: 'claimed, and nobody counts other shards',
    shards: 1,
    seen: [seen(0, 'a', { shards: 1 })],
    holds: { 0: claimed },
    want: [{ step: 'lead', shard: 0 }],
  },
  { what: 'led', shards: 1, seen: [seen(0, 'a', { shards: 1 })], holds: { 0: leading }, want: [] },
  {
    what: 'led until somebody took it',
    shards: 1,
    seen: [seen(0, 'b', { shards: 1 })],
    holds: { 0: leading },
    want: [{ step: 'lose', shard: 0 }],
  },
  { what: 'those who count other shards live', shards: 3, seen: [seen(0, 'b', { shards: 2 }), seen(1, '')], want: [] },
  {
    what: 'those who count other shards are dead',
    shards: 3,
    seen: [seen(0, 'b', { shards: 2, ...dead })],
    want: [{ step: 'clear', name: leaseName(0, 3) }],
  },
  {
    what: 'the one who counted other shards has let go',
    shards: 3,
    seen: [seen(0, '', { shards: 2 }), seen(1, '', { shards: 2 })],
    want: [0, 1, 2].map((shard) => ({ step: 'claim', shard })),
  },
  {
    what: 'claimed while somebody who counts other shards claimed too',
    shards: 3,
    seen: [seen(0, 'b', { shards: 1 }), seen(1, 'a')],
    holds: { 1: claimed },
    want: [{ step: 'give', shard: 1, to: '' }],
  },
  {
    what: 'led while somebody who counts other shards claims',
    shards: 3,
    seen: [seen(0, 'b', { shards: 1 }), seen(1, 'a')],
    holds: { 1: leading },
    want: [],
  },
  {
    what: 'the plain Lease of one that knows no shards',
    shards: 3,
    seen: [seen(0, 'go', { shards: 1 })],
    want: [],
  },
  {
    what: 'a Lease whose number of shards nobody can read',
    shards: 3,
    seen: [seen(0, 'b', { shards: Number.NaN, name: leaseName(0, 3) })],
    want: [],
  },
  {
    what: 'another has all',
    shards: 3,
    seen: [seen(0, 'b'), seen(1, 'b'), seen(2, 'b')],
    want: [{ step: 'ask', name: leaseName(0, 3) }],
  },
  {
    what: 'asked already',
    shards: 3,
    seen: [seen(0, 'b', { wantedBy: 'a' }), seen(1, 'b'), seen(2, 'b')],
    want: [],
  },
  {
    what: 'another has one more',
    shards: 3,
    seen: [seen(0, 'b'), seen(1, 'b'), seen(2, 'a')],
    holds: { 2: leading },
    want: [],
  },
  {
    what: 'asked by one who has nothing',
    shards: 3,
    seen: [seen(0, 'a', { wantedBy: 'b' }), seen(1, 'a'), seen(2, 'a')],
    holds: { 0: leading, 1: leading, 2: leading },
    want: [{ step: 'give', shard: 0, to: 'b' }],
  },
  {
    what: 'asked by one who would then have more than we',
    shards: 3,
    seen: [seen(0, 'a', { wantedBy: 'b' }), seen(1, 'a'), seen(2, 'b')],
    holds: { 0: leading, 1: leading },
    want: [],
  },
  {
    what: 'asked for two by one for whom one is enough',
    shards: 3,
    seen: [seen(0, 'a', { wantedBy: 'b' }), seen(1, 'a', { wantedBy: 'b' }), seen(2, 'a')],
    holds: { 0: leading, 1: leading, 2: leading },
    want: [{ step: 'give', shard: 0, to: 'b' }],
  },
  {
    what: 'asked again for what is on its way',
    shards: 3,
    seen: [seen(0, 'a', { wantedBy: 'b' }), seen(1, 'a', { wantedBy: 'b' }), seen(2, 'a')],
    holds: { 0: { is: 'leaving', to: 'b' }, 1: leading, 2: leading },
    want: [],
  },
];

for (const { what, shards, seen, holds = {}, want } of rows) {
  test(`${what}: ${want.map(({ step }) => step).join(', ') || 'nothing'}`, () => {
    const view = {
      nowMs,
      identity: 'a',
      shards,
      holds: new Map(Object.entries(holds).map(([shard, hold]) => [Number(shard), hold])),
      sightings: new Map(seen.map((sighting) => [sighting.name, sighting])),
    };
    assert.deepEqual(nextSteps(view), want);
  });
}

test('the next death is that of the living one that has been silent longest', () => {
  const sightings = new Map(
    [
      seen(0, 'b', { silentSinceMs: nowMs - 5_000 }),
      seen(1, 'c', dead),
      seen(2, 'a', { silentSinceMs: nowMs - 9_000 }),
    ].map((sighting) => [sighting.name, sighting]),
  );
  assert.equal(nextDeathMs({ nowMs, identity: 'a', shards: 3, holds: new Map(), sightings }), nowMs + 10_000);
});
