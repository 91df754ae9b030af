import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { FloodGuard } from './flood-guard.ts';

test('a message without end is thinned out, counted, and holds up no other', async () => {
  const clock = new ManualClock();
  const guard = new FloodGuard(clock);
  const admitted = (message: string, times: number) =>
    Array.from({ length: times }, () => guard.admits(message)).filter(({ ok }) => ok).length;
  assert.equal(admitted('cannot', 50_000), 20_000);
  assert.deepEqual(guard.admits('something else'), { ok: true, leftOut: 0 });
  await clock.advance(1_000);
  assert.deepEqual(guard.admits('cannot'), { ok: true, leftOut: 30_000 });
  assert.equal(admitted('cannot', 500), 199);
});
