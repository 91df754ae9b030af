import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shardOf } from './shard-of.ts';

test('a key stays where it is: another answer after an upgrade would give it two owners', () => {
  assert.deepEqual(
    ['shop/web', 'shop/db', 'team-a/api', 'team-b/api'].map((key) => [
      shardOf(key, 1),
      shardOf(key, 3),
      shardOf(key, 8),
    ]),
    [
      [0, 2, 6],
      [0, 0, 6],
      [0, 0, 2],
      [0, 1, 3],
    ],
  );
});

test('shards are about equally large', () => {
  const sizes = new Array<number>(5).fill(0);
  for (let i = 0; i < 10_000; i += 1) sizes[shardOf(`team-${i % 50}/app-${i}`, 5)]! += 1;
  for (const size of sizes) assert.ok(size > 1_850 && size < 2_150, `${sizes}`);
});
