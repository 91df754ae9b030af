import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineIn, orAborted } from './deadline.ts';
import { ManualClock } from './manual-clock.ts';

const timeUp = () => new Error('time is up');

test('time is up', async () => {
  using deadline = deadlineIn(1, { clock: new ManualClock(), unless: undefined, timeUp });
  await assert.rejects(orAborted(new Promise(() => {}), deadline.signal), /time is up/);
});

test('whoever may give up earlier ends it with their own reason', async () => {
  const lease = new AbortController();
  using deadline = deadlineIn(60_000, { clock: new ManualClock(), unless: lease.signal, timeUp });
  deadline.throwIfEnded();
  lease.abort(new Error('lease lost'));
  assert.throws(() => deadline.throwIfEnded(), /lease lost/);
  await assert.rejects(orAborted(new Promise(() => {}), deadline.signal), /lease lost/);
  assert.throws(() => deadlineIn(1, { clock: new ManualClock(), unless: lease.signal, timeUp }), /lease lost/);
});

test('a process that was frozen finds out by the clock, before any timer has run', async () => {
  const clock = new ManualClock();
  using deadline = deadlineIn(60_000, { clock, unless: undefined, timeUp });
  await clock.advance(60_000);
  assert.equal(deadline.signal.aborted, false);
  assert.throws(() => deadline.throwIfEnded(), /time is up/);
  assert.equal(deadline.signal.aborted, true);
});

test('work that ends first is not disturbed', async () => {
  const controller = new AbortController();
  assert.equal(await orAborted(Promise.resolve(7), controller.signal), 7);
  await assert.rejects(orAborted(Promise.reject(new Error('own')), controller.signal), /own/);
  await assert.rejects(orAborted(Promise.resolve(7), AbortSignal.abort(new Error('before'))), /before/);
});

test('a deadline within another asks that one too, which may know by the clock alone that it has ended', () => {
  const lost = new Error('lease lost');
  let isLost = false;
  const lease = {
    signal: new AbortController().signal,
    throwIfEnded() {
      if (isLost) throw lost;
    },
  };
  using deadline = deadlineIn(60_000, { clock: new ManualClock(), unless: lease, timeUp });
  deadline.throwIfEnded();
  isLost = true;
  assert.throws(() => deadline.throwIfEnded(), lost);
  assert.throws(() => deadlineIn(1, { clock: new ManualClock(), unless: lease, timeUp }), lost);
});
