import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from './clock.ts';

test('an aborted sleep rejects with the very reason of its signal', async () => {
  const reason = new Error('superseded');
  const stop = new AbortController();
  const sleep = systemClock.sleep(3_600_000, stop.signal);
  stop.abort(reason);
  await assert.rejects(sleep, (error) => error === reason);
  await assert.rejects(systemClock.sleep(1, AbortSignal.abort(reason)), (error) => error === reason);
  await systemClock.sleep(0);
});
