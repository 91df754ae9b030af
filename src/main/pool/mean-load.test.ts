import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { MeanLoad } from './mean-load.ts';

test('the load is a mean over time: a burst counts for as long as it lasted', async () => {
  const clock = new ManualClock();
  const load = new MeanLoad(clock);
  await clock.advance(500);
  load.note({ queued: 10, running: 2 });
  await clock.advance(250);
  load.note({ queued: 0, running: 1 });
  await clock.advance(250);
  assert.deepEqual(load.take(), { queued: 2.5, running: 0.75 });
});

test('each look begins anew, with the load as it is', async () => {
  const clock = new ManualClock();
  const load = new MeanLoad(clock);
  load.note({ queued: 3, running: 1 });
  await clock.advance(100);
  load.take();
  await clock.advance(100);
  assert.deepEqual(load.take(), { queued: 3, running: 1 });
});

test('two looks at one moment divide by no zero', () => {
  const load = new MeanLoad(new ManualClock());
  assert.deepEqual(load.take(), { queued: 0, running: 0 });
});
