import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom, seeds } from '../../../test/support/seeds.ts';
import { type Entry, planShards, type Shard } from './shards.ts';

const limits = { entries: 3, bytes: 100_000 };
const entry = (id: string, p?: string): Entry => (p === undefined ? { id, v: 'v1' } : { id, v: 'v1', p });
const wanted = (...entries: readonly Entry[]) => new Map(entries.map((e) => [e.id, e]));

test('a first inventory fills shards in order, each sorted', () => {
  const plan = planShards([], wanted(...['d', 'c', 'b', 'a'].map((id) => entry(id))), limits);
  assert.deepEqual(plan.write, [
    { index: 0, entries: [entry('b'), entry('c'), entry('d')] },
    { index: 1, entries: [entry('a')] },
  ]);
  assert.deepEqual(plan.remove, []);
});

test('an empty stage has one empty shard', () => {
  assert.deepEqual(planShards([], new Map(), limits), { write: [{ index: 0, entries: [] }], remove: [] });
});

test('an unchanged shard is not written', () => {
  const current: Shard[] = [{ index: 0, entries: [entry('a'), entry('b')] }];
  assert.deepEqual(planShards(current, wanted(entry('b'), entry('a')), limits), { write: [], remove: [] });
});

test('a new print rewrites only the shard that holds the entry', () => {
  const current: Shard[] = [
    { index: 0, entries: [entry('a'), entry('b'), entry('c')] },
    { index: 1, entries: [entry('d')] },
  ];
  const plan = planShards(current, wanted(entry('a'), entry('b'), entry('c'), entry('d', 'new')), limits);
  assert.deepEqual(plan, { write: [{ index: 1, entries: [entry('d', 'new')] }], remove: [] });
});

test('an emptied later shard is removed, an emptied first one is kept', () => {
  const current: Shard[] = [
    { index: 0, entries: [entry('a')] },
    { index: 1, entries: [entry('b')] },
  ];
  assert.deepEqual(planShards(current, new Map(), limits), { write: [{ index: 0, entries: [] }], remove: [1] });
});

test('long names fill a shard by bytes', () => {
  const long = 'n'.repeat(400);
  const plan = planShards([], wanted(entry(`${long}1`), entry(`${long}2`)), { entries: 5000, bytes: 500 });
  assert.deepEqual(
    plan.write.map((shard) => shard.entries.length),
    [1, 1],
  );
});

test('names are counted as the API server writes them', () => {
  const plan = planShards([], wanted(entry('<'.repeat(100)), entry('>'.repeat(100))), { entries: 5000, bytes: 1_000 });
  assert.equal(plan.write.length, 2);
});

test('an entry larger than a shard may be has one of its own', () => {
  const plan = planShards([], wanted(entry('a'), entry('n'.repeat(400)), entry('b')), { entries: 5000, bytes: 200 });
  assert.deepEqual(
    plan.write.map((shard) => shard.entries.length),
    [2, 1],
  );
});

test('a lowered cap splits a shard: what takes over is written before what gives up', () => {
  const current: Shard[] = [{ index: 0, entries: ['a', 'b', 'c', 'd', 'e'].map((id) => entry(id)) }];
  const plan = planShards(current, wanted(...current[0]!.entries), limits);
  assert.deepEqual(plan, {
    write: [
      { index: 1, entries: [entry('d'), entry('e')] },
      { index: 0, entries: [entry('a'), entry('b'), entry('c')] },
    ],
    remove: [],
  });
});

test('a small shard joins an earlier one, which is written before it goes', () => {
  const current: Shard[] = [
    { index: 0, entries: [entry('a')] },
    { index: 1, entries: [entry('b')] },
  ];
  const plan = planShards(current, wanted(entry('a'), entry('b')), limits);
  assert.deepEqual(plan, { write: [{ index: 0, entries: [entry('a'), entry('b')] }], remove: [1] });
});

test('indexes of the stage’s shards at another target are not used', () => {
  const plan = planShards([], wanted(...['a', 'b', 'c', 'd'].map((id) => entry(id))), limits, new Set([0, 2]));
  assert.deepEqual(
    plan.write.map(({ index }) => index),
    [1, 3],
  );
});

const bytes = (id: string) => JSON.stringify({ id, v: 'v1', p: '0'.repeat(22) }).length + 1;

for (const seed of seeds()) {
  test(`random sets, limits and crashes: none is lost, in the end all are there once, seed ${seed}`, () => {
    const random = randomFrom(seed);
    const server = new Map<number, readonly Entry[]>();
    for (let round = 0; round < 300; round += 1) {
      const names = Array.from(
        { length: random.below(30) },
        () => `o${'x'.repeat(random.below(40))}${random.below(40)}`,
      );
      const want = wanted(...names.map((id) => entry(id, `p${random.below(3)}`)));
      const now = { entries: 1 + random.below(8), bytes: 100 + random.below(600) };
      const had = new Set([...server.values()].flat().map(({ id }) => id));
      const { write, remove } = planShards(
        [...server].map(([index, entries]) => ({ index, entries })),
        want,
        now,
      );
      const steps = [
        ...write.map(
          ({ index, entries }) =>
            () =>
              server.set(index, entries),
        ),
        ...remove.map((index) => () => server.delete(index)),
      ];
      const crashAfter = random.below(4) === 0 ? random.below(steps.length + 1) : steps.length;
      for (const step of steps.slice(0, crashAfter)) {
        step();
        const have = new Set([...server.values()].flat().map(({ id }) => id));
        for (const id of had) assert.ok(have.has(id) || !want.has(id), `round ${round}: ${id} was lost`);
      }
      if (crashAfter < steps.length) continue;
      const held = [...server.values()].flat().toSorted((a, b) => (a.id < b.id ? -1 : 1));
      const expected = [...want.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
      assert.deepEqual(held, expected, `round ${round}`);
      for (const entries of server.values()) {
        assert.ok(entries.length <= now.entries);
        const size = entries.reduce((sum, { id }) => sum + bytes(id), 0);
        assert.ok(size <= now.bytes || entries.length === 1, `round ${round}: ${size} of ${now.bytes} bytes`);
      }
    }
  });
}
