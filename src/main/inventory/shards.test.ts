import assert from 'node:assert/strict';
import { test } from 'node:test';
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

test('random growth and shrinkage: no entry moves, none is lost, limits hold', () => {
  let state = 7;
  const random = (n: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state % n;
  };
  let shards: Shard[] = [];
  for (let step = 0; step < 500; step++) {
    const want = new Map(
      Array.from({ length: random(20) }, () => entry(`o${random(40)}`, `p${random(3)}`)).map((e) => [e.id, e]),
    );
    const homes = new Map(shards.flatMap((shard) => shard.entries.map((e) => [e.id, shard.index])));
    const plan = planShards(shards, want, limits);
    const written = new Map(plan.write.map((shard) => [shard.index, shard]));
    shards = [...shards.filter((s) => !written.has(s.index) && !plan.remove.includes(s.index)), ...plan.write];
    assert.deepEqual(new Map(shards.flatMap((s) => s.entries.map((e) => [e.id, e]))).size, want.size);
    for (const shard of shards) {
      assert.ok(shard.entries.length <= limits.entries);
      for (const e of shard.entries) {
        assert.deepEqual(e, want.get(e.id));
        assert.ok((homes.get(e.id) ?? shard.index) === shard.index, `${e.id} moved`);
      }
    }
  }
});
