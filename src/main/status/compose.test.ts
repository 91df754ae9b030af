import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetStatus } from '../../shared/api/types.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { begun, ended, type RunFacts, withStage, working } from './compose.ts';

const facts: RunFacts = { generation: 2, stages: ['db', 'web'], startedMs: 0, requestedAt: 'now' };
const revisions = { 'n/app': 'r2' };
const succeeded: Outcome = { reason: 'Succeeded', message: 'All 2 stages applied' };

function end(status: StageSetStatus, outcome: Outcome, atMs = 0): StageSetStatus {
  return ended(status, facts, outcome, revisions, outcome.message, atMs);
}

function condition(status: StageSetStatus, type: string) {
  return status.conditions?.find((each) => each.type === type);
}

test('while a run works, Ready keeps what it said and the generation it said it for', () => {
  const before = end({}, { ...succeeded, message: 'old' });
  const during = working(begun(before, { ...facts, generation: 3 }, { 'n/app': 'r3' }, 0), facts, 'applying', 0);
  assert.deepEqual(condition(during, 'Ready'), condition(before, 'Ready'));
  assert.equal(condition(during, 'Reconciling')?.message, 'applying');
  assert.equal(during.observedGeneration, 2);
  assert.equal(during.lastHandledReconcileAt, 'now');
  assert.deepEqual(
    during.stages?.map(({ name, phase }) => [name, phase]),
    [
      ['db', 'Pending'],
      ['web', 'Pending'],
    ],
  );
});

test('a success records generation, token and revisions, and ends Reconciling', () => {
  const status = end(working({}, facts, 'applying', 0), succeeded);
  assert.deepEqual(
    [status.observedGeneration, status.lastHandledReconcileAt, status.lastAppliedRevisions],
    [2, 'now', revisions],
  );
  assert.equal(condition(status, 'Ready')?.status, 'True');
  assert.equal(condition(status, 'Reconciling'), undefined);
});

test('a failed stage says so, and the applied revisions stay', () => {
  const before = { ...begun({}, facts, revisions, 0), lastAppliedRevisions: { 'n/app': 'r1' } };
  const outcome: Outcome = { reason: 'StageFailed', stage: 'db', message: 'no', retry: 'retryInterval' };
  const status = end(before, outcome);
  assert.deepEqual(status.lastAppliedRevisions, { 'n/app': 'r1' });
  assert.deepEqual(
    status.stages?.map(({ phase, message }) => [phase, message]),
    [
      ['Failed', 'no'],
      ['Pending', undefined],
    ],
  );
});

test('a terminal outcome is Stalled, and the next run lifts it', () => {
  const stalled = end({}, { reason: 'InvalidSpec', message: 'bad' });
  assert.equal(condition(stalled, 'Stalled')?.status, 'True');
  assert.equal(condition(working(stalled, facts, 'x', 0), 'Stalled'), undefined);
  assert.equal(condition(end(stalled, succeeded), 'Stalled'), undefined);
});

test('a suspended StageSet has not handled what was asked', () => {
  assert.equal(end({}, { reason: 'Suspended', message: '' }).lastHandledReconcileAt, undefined);
});

test('the transition time moves only with the status', () => {
  const first = end({}, succeeded, 1_000);
  const second = end(first, { ...succeeded, message: 'again' }, 9_000);
  assert.equal(condition(second, 'Ready')?.lastTransitionTime, '1970-01-01T00:00:01Z');
  const failed = end(second, { reason: 'SourceNotReady', message: '' }, 20_000);
  assert.equal(condition(failed, 'Ready')?.lastTransitionTime, '1970-01-01T00:00:20Z');
});

test('a stage that left the spec is shown until a run succeeds', () => {
  const before: StageSetStatus = { stages: [{ name: 'gone', phase: 'Ready' }] };
  const during = begun(before, facts, revisions, 0);
  assert.deepEqual(
    during.stages?.map(({ name }) => name),
    ['db', 'web', 'gone'],
  );
  assert.deepEqual(
    end(during, succeeded).stages?.map(({ name }) => name),
    ['db', 'web'],
  );
});

test('a stage is patched field by field', () => {
  const status = withStage({ stages: [{ name: 'db', phase: 'Pending', appliedRevision: 'r1' }] }, 'db', {
    phase: 'Applying',
  });
  assert.deepEqual(status.stages, [{ name: 'db', phase: 'Applying', appliedRevision: 'r1' }]);
});

test('an outcome tells what it was about, when its run began and how long it took', () => {
  const status = ended({}, { ...facts, startedMs: 60_500 }, succeeded, revisions, 'done', 123_000);
  assert.deepEqual(status.history, [
    {
      reason: 'Succeeded',
      message: 'done',
      generation: 2,
      revisions,
      startedAt: '1970-01-01T00:01:00Z',
      duration: '1m2.5s',
    },
  ]);
});

test('a rollout goes on through outcomes that did not come to know theirs, until it succeeds', () => {
  const run = (status: StageSetStatus, outcome: Outcome, rolloutId?: string) =>
    ended(status, { ...facts, rolloutId }, outcome, undefined, outcome.message, 0);
  const failed = run({}, { reason: 'StageFailed', stage: 'db', message: 'no', retry: 'retryInterval' }, 'one');
  const waiting = run(failed, { reason: 'SourceNotReady', message: '' });
  const done = run(waiting, succeeded, 'one');
  const idle = run(done, { reason: 'SourceNotReady', message: '' });
  assert.deepEqual(
    idle.history?.map(({ rollout }) => rollout),
    [undefined, 'one', 'one', 'one'],
  );
});

test('every condition tells the generation it was set for', () => {
  const statuses = [working({}, facts, 'x', 0), end({}, { reason: 'InvalidSpec', message: 'bad' }), end({}, succeeded)];
  const conditions = statuses.flatMap((status) => status.conditions ?? []);
  assert.deepEqual(
    conditions.map(({ type, observedGeneration }) => [type, observedGeneration]),
    [
      ['Reconciling', 2],
      ['Ready', 2],
      ['Stalled', 2],
      ['Ready', 2],
    ],
  );
});

test('history keeps the last five outcomes, newest first, and a steady run adds none', () => {
  let status: StageSetStatus = {};
  for (let i = 1; i <= 7; i++) {
    const outcome = { ...succeeded, message: `m${i}` };
    status = end(end(status, outcome, i * 10_000), outcome, i * 10_000 + 5_000);
  }
  assert.deepEqual(
    status.history?.map(({ message }) => message),
    ['m7', 'm6', 'm5', 'm4', 'm3'],
  );
});
