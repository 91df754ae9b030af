import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Stage, StageSetSpec } from './types.ts';
import { type WarningOptions, warnings } from './warnings.ts';

const stage: Stage = { name: 'app', sourceRef: { name: 'shop' } };

function warned(spec: Partial<StageSetSpec>, options: Partial<WarningOptions> = {}): readonly string[] {
  const set = { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', metadata: { name: 'shop' } } as const;
  const nowMs = Date.parse('2026-06-01T00:00:00Z');
  return warnings({ ...set, spec: { stages: [stage], ...spec } }, { nowMs, ...options }).map(({ path }) => path);
}

const ofStage = (fields: Partial<Stage>) => warned({ stages: [{ ...stage, ...fields }] });

test('a plain StageSet warns of nothing', () => {
  assert.deepEqual(warned({}), []);
});

test('no account where the controller has no rights of its own', () => {
  assert.deepEqual(warned({}, { multiTenant: true }), ['spec.serviceAccountName']);
  assert.deepEqual(warned({ serviceAccountName: 'deployer' }, { multiTenant: true }), []);
  assert.deepEqual(warned({ kubeConfig: { secretRef: { name: 'remote' } } }, { multiTenant: true }), []);
});

test('drift looked for no sooner than the interval', () => {
  assert.deepEqual(warned({ interval: '5m', driftDetectionInterval: '5m' }), ['spec.driftDetectionInterval']);
  assert.deepEqual(warned({ interval: '5m', driftDetectionInterval: '1m' }), []);
});

test('a JSONPath without braces', () => {
  const fromObject = { stage: 'app', kind: 'ConfigMap', name: 'meta' };
  const at = 'spec.version.fromObject.fieldPath';
  assert.deepEqual(warned({ version: { fromObject: { ...fromObject, fieldPath: '.data.version' } } }), [at]);
  assert.deepEqual(warned({ version: { fromObject: { ...fromObject, fieldPath: '{.data.version}' } } }), []);
});

test('a window that never opens', () => {
  const feb30 = { type: 'Allow', schedule: '0 0 30 2 *', duration: '1h' } as const;
  const past = { type: 'Allow', from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' } as const;
  const future = { type: 'Allow', schedule: '0 0 29 2 *', duration: '1h', timeZone: 'Europe/Berlin' } as const;
  assert.deepEqual(warned({ updateWindows: [feb30, past, future, { ...past, type: 'Deny' }] }), [
    'spec.updateWindows[0].schedule',
    'spec.updateWindows[1].to',
  ]);
});

test('a time zone for times that carry their offset', () => {
  const once = { type: 'Deny', from: '2027-01-01T00:00:00Z', to: '2027-02-01T00:00:00Z', timeZone: 'UTC' } as const;
  assert.deepEqual(warned({ updateWindows: [once] }), ['spec.updateWindows[0].timeZone']);
});

test('force beside rules or another default', () => {
  const rules = [{ target: { kind: 'Job' }, action: 'KeepExisting' }] as const;
  assert.deepEqual(ofStage({ force: true }), []);
  assert.deepEqual(ofStage({ force: true, conflictPolicy: { default: 'Recreate' } }), []);
  assert.deepEqual(ofStage({ force: true, conflictPolicy: { default: 'Fail' } }), ['spec.stages[0].force']);
  assert.deepEqual(ofStage({ force: true, conflictPolicy: { rules } }), ['spec.stages[0].force']);
});

test('a rule that recreates whatever it matches', () => {
  const rules = [{ target: { name: 'scratch' }, action: 'Recreate' }] as const;
  assert.deepEqual(ofStage({ conflictPolicy: { rules } }), ['spec.stages[0].conflictPolicy.rules[0].target']);
});

test('checks that are turned off', () => {
  const checks = [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }];
  assert.deepEqual(ofStage({ readyChecks: { disableWait: true, checks } }), ['spec.stages[0].readyChecks.disableWait']);
});

test('a timeout for a wait that ends by itself', () => {
  const wait = { duration: '1m', timeout: '2m' };
  assert.deepEqual(ofStage({ actions: { post: [{ name: 'settle', timeout: '3m', wait }] } }), [
    'spec.stages[0].actions.post[0].timeout',
    'spec.stages[0].actions.post[0].wait.timeout',
  ]);
});
