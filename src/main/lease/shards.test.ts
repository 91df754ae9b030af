import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as settled } from 'node:timers/promises';
import { LeaseLost } from '../kube/errors.ts';
import { unleased } from '../kube/types.ts';
import { shardOf } from './shard-of.ts';
import { Shards } from './shards.ts';

const keys = ['shop/web', 'shop/db', 'team-a/api', 'team-b/api'];
const inShard = (shard: number) => keys.filter((key) => shardOf(key, 3) === shard);
const [first, second] = [inShard(0), inShard(1)] as const;

function startScene() {
  const told: (readonly [string, readonly string[]])[] = [];
  const catchUps: PromiseWithResolvers<void>[] = [];
  const tell = (what: string) => async (owns: (key: string) => boolean) => {
    told.push([what, keys.filter(owns)]);
  };
  const shards = new Shards({
    count: 3,
    keeper: { gained: tell('gained'), drained: tell('drained'), lost: tell('lost') },
    catchUp: () => {
      const under = Promise.withResolvers<void>();
      catchUps.push(under);
      return under.promise;
    },
  });
  const led = () => keys.filter((key) => shards.leaseOf(key) !== undefined);
  return { shards, told, catchUps, led };
}

test('a shard is led when what its last owner wrote is known, not before', async () => {
  const { shards, told, catchUps, led } = startScene();
  shards.gained(0, unleased);
  await settled();
  assert.deepEqual([led(), told], [[], []]);
  catchUps[0]?.resolve();
  await settled();
  assert.deepEqual([led(), told], [first, [['gained', first]]]);
  assert.equal(shards.leaseOf(first[0] ?? ''), unleased);
});

test('shards gained at once read once; one that is gained later reads again', async () => {
  const { shards, catchUps, led } = startScene();
  shards.gained(0, unleased);
  shards.gained(1, unleased);
  await settled();
  assert.equal(catchUps.length, 1);
  shards.gained(2, unleased);
  await settled();
  assert.equal(catchUps.length, 2);
  catchUps[0]?.resolve();
  await settled();
  assert.deepEqual(led().toSorted(), [...first, ...second].toSorted());
  catchUps[1]?.resolve();
  await settled();
  assert.deepEqual(led(), keys);
});

test('a shard that is lost while it catches up is never led', async () => {
  const { shards, told, catchUps, led } = startScene();
  shards.gained(0, unleased);
  await settled();
  shards.lost(0, new LeaseLost('it took too long'));
  catchUps[0]?.resolve();
  await settled();
  assert.deepEqual([led(), told], [[], [['lost', first]]]);
});

test('what drains starts nothing more while it drains', async () => {
  const { shards, told, led } = startScene();
  shards.lead(0, unleased);
  const drained = shards.drained(0);
  assert.deepEqual(led(), []);
  await drained;
  assert.deepEqual(
    told.map(([what]) => what),
    ['gained', 'drained'],
  );
});
