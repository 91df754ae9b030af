import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../outcome/outcome.ts';
import { requeue } from './requeue.ts';

const spec = { interval: '10m', retryInterval: '2m', driftDetectionInterval: '5m', stages: [] };
const facts = {
  spec,
  failures: 3,
  isBeingDeleted: false,
  defaultIntervalMs: 600_000,
  chance: 0.5,
  opensInMs: undefined,
};

const table: readonly (readonly [Outcome, number | undefined])[] = [
  [{ reason: 'Succeeded', message: '' }, 300_000],
  [{ reason: 'Suspended', message: '' }, undefined],
  [{ reason: 'InvalidSpec', message: '' }, undefined],
  [{ reason: 'Stalled', message: '' }, undefined],
  [{ reason: 'UpdateDeferred', message: '' }, 300_000],
  [{ reason: 'DependencyNotReady', message: '' }, 120_000],
  [{ reason: 'ArtifactNotFound', message: '' }, 120_000],
  [{ reason: 'ResolveFailed', message: '', cause: 'spec' }, undefined],
  [{ reason: 'ResolveFailed', message: '', cause: 'api' }, 4_000],
  [{ reason: 'ResolveFailed', message: '', cause: 'outside' }, 120_000],
  [{ reason: 'StageFailed', message: '', stage: 'a', retry: 'retryInterval' }, 120_000],
  [{ reason: 'StageFailed', message: '', stage: 'a', retry: 'backoff' }, 4_000],
];

for (const [outcome, afterMs] of table) {
  test(`${JSON.stringify(outcome)} runs again after ${afterMs ?? 'a change only'}`, () => {
    assert.equal(requeue(outcome, facts)?.afterMs, afterMs);
  });
}

test('whatever came of a run, it runs again when the windows open, and looks each hour: calendars are set anew', () => {
  const failed: Outcome = { reason: 'StageFailed', message: '', stage: 'a', retry: 'retryInterval' };
  const after = (outcome: Outcome, opensInMs: number, interval = '10h') =>
    requeue(outcome, { ...facts, spec: { interval, retryInterval: '10h', stages: [] }, opensInMs })?.afterMs;
  assert.equal(after(failed, 5_000), 5_000);
  assert.equal(after({ reason: 'UpdateDeferred', message: '' }, 5_000), 5_000);
  assert.equal(after({ reason: 'Succeeded', message: '' }, 5_000), 5_000);
  assert.equal(after({ reason: 'Succeeded', message: '' }, 5_000, '1s'), 1_000);
  assert.equal(after({ reason: 'Succeeded', message: '' }, 90 * 24 * 3_600_000), 3_600_000);
  assert.equal(after({ reason: 'UpdateDeferred', message: '' }, -1), 0);
});

test('steady runs are spread by five percent either way', () => {
  const at = (chance: number) => requeue({ reason: 'Succeeded', message: '' }, { ...facts, chance })?.afterMs;
  assert.deepEqual(
    [at(0), at(1)].map((ms) => Math.round(ms ?? 0)),
    [285_000, 315_000],
  );
});

test('a back-off never waits longer than the retry interval', () => {
  const outcome = { reason: 'StageFailed', message: '', stage: 'a', retry: 'backoff' } as const;
  assert.equal(requeue(outcome, { ...facts, failures: 50 })?.afterMs, 120_000);
});

test('what is being deleted is tried again soon, whatever stood in its way', () => {
  const outcome = { reason: 'StageFailed', message: '', stage: 'a', retry: 'retryInterval' } as const;
  assert.equal(requeue(outcome, { ...facts, isBeingDeleted: true })?.afterMs, 4_000);
});

test('the last try of a teardown comes when its time is over, whatever the pace', () => {
  const outcome = { reason: 'StageFailed', message: '', stage: 'a', retry: 'backoff', withinMs: 1_500 } as const;
  assert.equal(requeue(outcome, { ...facts, failures: 50, isBeingDeleted: true })?.afterMs, 1_500);
});

test('no StageSet runs more than five times a second for want of an interval', () => {
  const hasty = { ...spec, interval: '1ms', retryInterval: '1ms', driftDetectionInterval: '1ms' };
  for (const [outcome, afterMs] of table) {
    const next = requeue(outcome, { ...facts, spec: hasty })?.afterMs;
    assert.equal(next, afterMs === undefined ? undefined : 200, outcome.reason);
  }
});
