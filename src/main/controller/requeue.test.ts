import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../outcome/outcome.ts';
import { requeue } from './requeue.ts';

const spec = { interval: '10m', retryInterval: '2m', driftDetectionInterval: '5m', stages: [] };
const facts = { spec, failures: 3, isBeingDeleted: false, defaultIntervalMs: 600_000, chance: 0.5 };

const table: readonly (readonly [Outcome, number | undefined])[] = [
  [{ reason: 'Succeeded', message: '' }, 300_000],
  [{ reason: 'Suspended', message: '' }, undefined],
  [{ reason: 'InvalidSpec', message: '' }, undefined],
  [{ reason: 'Stalled', message: '' }, undefined],
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
