import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ManualClock } from '../../../shared/time/manual-clock.ts';
import { Superseded } from '../../outcome/outcome.ts';
import type { Attempt } from '../verb.ts';
import { waitVerb } from './wait.ts';

const wait = waitVerb(() => Promise.reject(new Error('nothing is judged here')));

function attempt(clock: ManualClock, beganMs: number, signal = new AbortController().signal): Attempt {
  return { clock, beganMs, signal, park: (_: string, work: () => Promise<unknown>) => work() } as unknown as Attempt;
}

async function takesMs(duration: string, clock: ManualClock, beganMs: number): Promise<number> {
  const startedAtMs = clock.elapsedMs();
  let endedAtMs: number | undefined;
  const done = wait({ duration }, attempt(clock, beganMs)).then(() => {
    endedAtMs = clock.elapsedMs();
  });
  await clock.advance(100 * 24 * 3_600_000);
  await done;
  return (endedAtMs ?? Number.NaN) - startedAtMs;
}

test('a duration counts from when the wait began', async () => {
  assert.equal(await takesMs('90s', new ManualClock(), 0), 90_000);
  const later = new ManualClock();
  await later.advance(60_000);
  assert.equal(await takesMs('90s', later, 0), 30_000);
  assert.equal(await takesMs('90s', later, 0), 0);
  assert.equal(await takesMs('0s', new ManualClock(), 0), 0);
});

test('one of months is no timer that rings at once', async () => {
  assert.equal(await takesMs('2000h', new ManualClock(), 0), 2_000 * 3_600_000);
});

test('something newer ends it', async () => {
  const clock = new ManualClock();
  const superseding = new AbortController();
  const done = assert.rejects(wait({ duration: '1h' }, attempt(clock, 0, superseding.signal)), Superseded);
  await clock.advance(1_000);
  superseding.abort(new Superseded('by a commit'));
  await done;
  assert.equal(clock.sleeping, 0);
});
