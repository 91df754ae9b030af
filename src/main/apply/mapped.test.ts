import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mapped } from './mapped.ts';

test('results keep the order of the items and no more than the width runs at once', async () => {
  let running = 0;
  let most = 0;
  const results = await mapped([5, 4, 3, 2, 1], 2, async (n) => {
    most = Math.max(most, ++running);
    for (let i = 0; i < n; i++) await Promise.resolve();
    running--;
    return n * 10;
  });
  assert.deepEqual(results, [50, 40, 30, 20, 10]);
  assert.equal(most, 2);
});

test('the first failure is the answer', async () => {
  const work = mapped([1, 2, 3], 1, async (n) => {
    if (n === 2) throw new Error('two');
    return n;
  });
  await assert.rejects(work, /two/);
});

test('a failure waits for what is under way and begins nothing more', async () => {
  const begun: number[] = [];
  const slow = Promise.withResolvers<void>();
  let settled = false;
  const work = mapped([1, 2, 3, 4], 2, async (n) => {
    begun.push(n);
    if (n === 1) throw new Error('one');
    await slow.promise;
  }).finally(() => {
    settled = true;
  });
  const rejected = assert.rejects(work, /one/);
  await new Promise(setImmediate);
  assert.equal(settled, false);
  slow.resolve();
  await rejected;
  assert.deepEqual(begun, [1, 2]);
});
