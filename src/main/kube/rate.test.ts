import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Rate } from './rate.ts';

test('a burst goes at once, what follows keeps the rate, and a pause fills the burst again', async () => {
  const clock = new ManualClock();
  const rate = new Rate({ perSecond: 10, burst: 3, clock });
  let taken = 0;
  const ask = (times: number) => {
    for (let i = 0; i < times; i += 1) rate.take().then(() => (taken += 1));
  };
  ask(5);
  await clock.advance(0);
  assert.equal(taken, 3);
  await clock.advance(100);
  assert.equal(taken, 4);
  await clock.advance(100);
  assert.equal(taken, 5);
  await clock.advance(10_000);
  ask(5);
  await clock.advance(0);
  assert.equal(taken, 8);
});

test('who gives up waits no longer', async () => {
  const clock = new ManualClock();
  const rate = new Rate({ perSecond: 1, burst: 1, clock });
  await rate.take();
  const giveUp = new AbortController();
  const waiting = rate.take(giveUp.signal);
  giveUp.abort(new Error('enough'));
  await assert.rejects(waiting, /enough/);
});
