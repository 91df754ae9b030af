import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { Alarm } from './alarm.ts';

function scene() {
  const clock = new ManualClock();
  const rings: number[] = [];
  const alarm = new Alarm(clock, () => rings.push(clock.elapsedMs()));
  return { clock, rings, alarm };
}

test('it rings once, at the earliest time it was set to, on one timer', async () => {
  const { clock, rings, alarm } = scene();
  for (const atMs of [50, 20, 90, 20]) alarm.set(atMs);
  await clock.advance(0);
  assert.equal(clock.sleeping, 1);
  await clock.advance(100);
  assert.deepEqual(rings, [20]);
});

test('set while it rings, it rings again', async () => {
  const clock = new ManualClock();
  const rings: number[] = [];
  const alarm = new Alarm(clock, () => {
    rings.push(clock.elapsedMs());
    if (rings.length < 3) alarm.set(clock.elapsedMs() + 10);
  });
  alarm.set(10);
  await clock.advance(100);
  assert.deepEqual(rings, [10, 20, 30]);
});

test('cancelled, it is silent and its timer is gone', async () => {
  const { clock, rings, alarm } = scene();
  alarm.set(10);
  alarm.cancel();
  assert.equal(clock.sleeping, 0);
  await clock.advance(100);
  assert.deepEqual(rings, []);
});

test('what lies beyond the longest timer rings early instead of at once', async () => {
  const { clock, rings, alarm } = scene();
  const monthMs = 31 * 24 * 3_600_000;
  alarm.set(monthMs);
  await clock.advance(2 ** 31 - 2);
  assert.deepEqual(rings, []);
  await clock.advance(1);
  assert.deepEqual(rings, [2 ** 31 - 1]);
});
