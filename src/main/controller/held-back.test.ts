import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { heldBackMs } from './held-back.ts';

const at = { revisions: { 'team/app': '2' }, nowMs: Date.parse('2026-01-01T00:01:00Z'), defaultIntervalMs: 600_000 };
const ending = {
  reason: 'StageFailed',
  generation: 3,
  revisions: { 'team/app': '2' },
  rolledBack: true,
  startedAt: '2026-01-01T00:00:00Z',
  duration: '10s',
};

function set(
  changes: { last?: Partial<typeof ending>; spec?: object; annotations?: Readonly<Record<string, string>> } = {},
): StageSet {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'shop', generation: 3, annotations: { [keys.requestedAt]: 'old', ...changes.annotations } },
    spec: {
      rollbackOnFailure: true,
      retryInterval: '5m',
      stages: [{ name: 'app', sourceRef: { name: 'app' } }],
      ...changes.spec,
    },
    status: {
      lastHandledReconcileAt: 'old',
      stages: [{ name: 'app', ledgerToken: 'seen' }],
      history: [{ ...ending, ...changes.last }],
    },
  };
}

test('what was rolled back is left alone for a retryInterval from its end', () => {
  assert.equal(heldBackMs(set(), at), 250_000);
  assert.equal(heldBackMs(set(), { ...at, nowMs: at.nowMs + 250_000 }), 0);
  assert.equal(heldBackMs(set({ annotations: { [keys.reconcileStage]: 'app@seen' } }), at), 250_000);
});

for (const [what, changes] of Object.entries({
  'another spec': { last: { generation: 2 } },
  'another revision': { last: { revisions: { 'team/app': '1' } } },
  'a request': { annotations: { [keys.requestedAt]: 'new' } },
  'a request for a stage': { annotations: { [keys.reconcileStage]: 'app@new' } },
  'a failure without a rollback': { last: { rolledBack: false } },
  'a spec that wants no rollback': { spec: { rollbackOnFailure: false } },
})) {
  test(`not after ${what}`, () => assert.equal(heldBackMs(set(changes), at), 0));
}
