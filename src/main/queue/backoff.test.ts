import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoffMs } from './backoff.ts';

test('the wait doubles from one second up to the limit, however many failures', () => {
  const waits = [1, 2, 3, 6, 7, 5_000].map((failures) => backoffMs(failures, 60_000));
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  assert.equal(backoffMs(1, 500), 500);
});
