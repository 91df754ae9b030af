import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from './manual-clock.ts';

test('sleepers wake in the order of their time, and see that time', async () => {
  const clock = new ManualClock();
  const seen: string[] = [];
  const note = (name: string) => seen.push(`${name} at ${clock.elapsedMs()}`);
  void clock.sleep(30).then(() => note('late'));
  void clock.sleep(10).then(async () => {
    note('early');
    await clock.sleep(10);
    note('again');
  });

  await clock.advance(25);
  assert.deepEqual(seen, ['early at 10', 'again at 20']);
  await clock.advance(5);
  assert.deepEqual(seen, ['early at 10', 'again at 20', 'late at 30']);
  assert.equal(clock.wallMs(), Date.parse('2030-01-01T00:00:00.030Z'));
});

test('an aborted sleep rejects with the reason and is forgotten', async () => {
  const clock = new ManualClock();
  const reason = new Error('superseded');
  const stop = new AbortController();
  const sleep = clock.sleep(1_000, stop.signal);
  stop.abort(reason);
  await assert.rejects(sleep, reason);
  await assert.rejects(clock.sleep(1_000, stop.signal), reason);
  assert.equal(clock.sleeping, 0);
});
