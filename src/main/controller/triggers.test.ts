import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet, StageSetStatus } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import { readinessMoved, whyItRuns } from './triggers.ts';

function stageSet(metadata: Partial<ObjectMeta> = {}, status: StageSetStatus = { observedGeneration: 1 }): StageSet {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'a', namespace: 'n', uid: 'u', generation: 1, ...metadata },
    spec: { stages: [] },
    status,
  };
}

const before = stageSet();

test('our own status writes start nothing', () => {
  assert.equal(
    whyItRuns(stageSet({ resourceVersion: '9' }, { observedGeneration: 1, version: '2' }), before),
    undefined,
  );
});

for (const [what, metadata] of Object.entries<Partial<ObjectMeta>>({
  'a new generation': { generation: 2 },
  deletion: { deletionTimestamp: '2026-01-01T00:00:00Z' },
  'a namesake created anew': { uid: 'v' },
  'a requested run': { annotations: { [keys.requestedAt]: 'now' } },
  'a forgotten stage ledger': { annotations: { [keys.reconcileStage]: 'app@1' } },
  'an opened window': { annotations: { [keys.updateNow]: '1' } },
})) {
  test(`${what} starts a run that somebody waits for`, () => {
    assert.equal(whyItRuns(stageSet(metadata), before)?.lane, 'asked');
  });
}

test('a finalizer that was taken away starts a run, but not when the StageSet is to go', () => {
  const held = (metadata: Partial<ObjectMeta> = {}) => stageSet({ finalizers: [keys.finalizer], ...metadata });
  const going = { deletionTimestamp: '2026-01-01T00:00:00Z' };
  assert.equal(whyItRuns(stageSet(), held())?.because, 'its finalizer was taken away');
  assert.equal(whyItRuns(stageSet(going), held(going)), undefined);
  assert.equal(whyItRuns(held(), stageSet()), undefined);
});

test('after a restart what was finished waits behind what was not', () => {
  assert.equal(whyItRuns(before, undefined)?.lane, 'resync');
  assert.equal(whyItRuns(stageSet({ generation: 2 }), undefined)?.lane, 'asked');
  assert.equal(whyItRuns(stageSet({ annotations: { [keys.requestedAt]: 'now' } }), undefined)?.lane, 'asked');
});

test('dependents hear of Ready and of generations, and of nothing else', () => {
  const ready = (status: 'True' | 'False', reason = 'x'): StageSetStatus => ({
    observedGeneration: 1,
    conditions: [{ type: 'Ready', status, reason, message: '', lastTransitionTime: '2026-01-01T00:00:00Z' }],
  });
  assert.equal(readinessMoved(stageSet({}, ready('True')), stageSet({}, ready('False'))), true);
  assert.equal(readinessMoved(stageSet({ generation: 2 }, ready('True')), stageSet({}, ready('True'))), true);
  assert.equal(readinessMoved(stageSet({}, ready('False', 'Stalled')), stageSet({}, ready('False'))), true);
  assert.equal(readinessMoved(undefined, before), true);
  assert.equal(readinessMoved(stageSet({}, { observedGeneration: 1, version: '3' }), before), false);
});
