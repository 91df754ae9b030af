import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { detailOf, summaryOf } from './describe.ts';
import { detail, summary } from './schemas.ts';

const base = 'https://runbooks.example/';
const fresh: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: { namespace: 'shop', name: 'web', generation: 2 },
  spec: {
    stages: [
      { name: 'db', sourceRef: { name: 'db' } },
      { name: 'app', sourceRef: { name: 'app' } },
    ],
  },
};
const failed: StageSet = {
  ...fresh,
  spec: { ...fresh.spec, suspend: true, dependsOn: [{ name: 'infra' }, { name: 'dns', namespace: 'net' }] },
  status: {
    observedGeneration: 2,
    conditions: [
      {
        type: 'Ready',
        status: 'False',
        reason: 'StageFailed',
        message: 'm'.repeat(2_000),
        lastTransitionTime: '2030-01-01T00:00:00Z',
      },
    ],
    stages: [{ name: 'db', phase: 'Ready', appliedRevision: 'v1@sha256:1', entriesCount: 3 }],
    version: '2.1.0',
    pendingMigrations: ['a'],
    lastAppliedRevisions: { 'shop/db': 'v1@sha256:1' },
    pendingUpdate: { nextWindowOpens: '2030-01-02T00:00:00Z' },
    lastHandledReconcileAt: 'token',
    history: [{ reason: 'StageFailed', startedAt: '2030-01-01T00:00:00Z', duration: '3s', rolledBack: true }],
  },
};

test('before the first run nothing is known', () => {
  const { ready, reason, upToDate, stages, stagesReady, runbook, version } = summary.parse(summaryOf(fresh, base));
  assert.deepEqual([ready, reason, upToDate, stages, stagesReady], ['Unknown', '', false, 2, 0]);
  assert.deepEqual([runbook, version], [undefined, undefined]);
  assert.deepEqual(
    detail.parse(detailOf(fresh, base)).stages.map(({ name, phase }) => [name, phase]),
    [
      ['db', 'Pending'],
      ['app', 'Pending'],
    ],
  );
});

test('a summary counts stages and cuts the message', () => {
  const { message, ...rest } = summary.parse(summaryOf(failed, base));
  assert.equal(message, `${'m'.repeat(300)}…`);
  assert.deepEqual(rest, {
    namespace: 'shop',
    name: 'web',
    ready: 'False',
    reason: 'StageFailed',
    runbook: 'https://runbooks.example/stagefailed/',
    upToDate: true,
    suspended: true,
    beingDeleted: false,
    version: '2.1.0',
    stages: 2,
    stagesReady: 1,
    updateHeld: true,
  });
});

test('the whole has all of it', () => {
  const whole = detail.parse(detailOf(failed, base));
  assert.equal(whole.message.length, 2_000);
  assert.deepEqual(whole.dependsOn, ['shop/infra', 'net/dns']);
  assert.deepEqual(whole.pendingUpdate, { revisions: {}, nextWindowOpens: '2030-01-02T00:00:00Z' });
  assert.deepEqual([whole.since, whole.lastHandledReconcileAt], ['2030-01-01T00:00:00Z', 'token']);
  assert.deepEqual([whole.pendingMigrations, whole.executedMigrations], [['a'], []]);
  assert.deepEqual(whole.lastAppliedRevisions, { 'shop/db': 'v1@sha256:1' });
  assert.deepEqual(whole.stages[0], {
    name: 'db',
    phase: 'Ready',
    appliedRevision: 'v1@sha256:1',
    entriesCount: 3,
    executedActions: [],
  });
  assert.deepEqual(whole.history, [
    { reason: 'StageFailed', rolledBack: true, startedAt: '2030-01-01T00:00:00Z', duration: '3s' },
  ]);
});

test('a reason that another version of the controller wrote has no runbook here', () => {
  const [ready = assert.fail()] = failed.status?.conditions ?? [];
  const other = { ...failed, status: { ...failed.status, conditions: [{ ...ready, reason: 'constructor' }] } };
  assert.equal(summaryOf(other, base).runbook, undefined);
});
