import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  actionTimeoutMs,
  appliesHelmHooks,
  defaultConflictAction,
  intervalMs,
  pathOf,
  prunes,
  retryIntervalMs,
  sourceRefOf,
  stageTimeoutMs,
  steadyIntervalMs,
} from './defaults.ts';
import type { Stage, StageSetSpec } from './types.ts';

const stage: Stage = { name: 'app', sourceRef: { name: 'shop' } };
const spec: StageSetSpec = { stages: [stage] };
const flagMs = 600_000;

test('intervals: the retry falls back to the interval, that to the flag', () => {
  assert.equal(intervalMs(spec, flagMs), 600_000);
  assert.equal(retryIntervalMs(spec, flagMs), 600_000);
  assert.equal(retryIntervalMs({ ...spec, interval: '5m' }, flagMs), 300_000);
  assert.equal(retryIntervalMs({ ...spec, interval: '5m', retryInterval: '30s' }, flagMs), 30_000);
});

test('drift detection counts only when it is the shorter one', () => {
  assert.equal(steadyIntervalMs({ ...spec, driftDetectionInterval: '2m' }, flagMs), 120_000);
  assert.equal(steadyIntervalMs({ ...spec, driftDetectionInterval: '20m' }, flagMs), 600_000);
  assert.equal(steadyIntervalMs(spec, flagMs), 600_000);
});

test('a stage has its own timeout, else the StageSet’s, else a quarter of an hour', () => {
  assert.equal(stageTimeoutMs(spec, stage), 900_000);
  assert.equal(stageTimeoutMs({ ...spec, timeout: '5m' }, stage), 300_000);
  assert.equal(stageTimeoutMs({ ...spec, timeout: '5m' }, { ...stage, timeout: '3m' }), 180_000);
});

test('an action has five minutes, a job ten, a wait by duration no timeout at all', () => {
  const target = { apiVersion: 'v1', kind: 'Pod', name: 'web' };
  assert.equal(actionTimeoutMs({ name: 'a', delete: { target } }), 300_000);
  assert.equal(actionTimeoutMs({ name: 'a', job: { sourceRef: { name: 'jobs' } } }), 600_000);
  assert.equal(actionTimeoutMs({ name: 'a', timeout: '1m', wait: { duration: '1h' } }), undefined);
});

test('of two timeouts of one wait the shorter counts', () => {
  const target = { apiVersion: 'v1', kind: 'Pod', name: 'web' };
  assert.equal(actionTimeoutMs({ name: 'a', wait: { target, expr: 'true', timeout: '20m' } }), 1_200_000);
  assert.equal(actionTimeoutMs({ name: 'a', timeout: '1m', wait: { target, expr: 'true', timeout: '20m' } }), 60_000);
});

test('a source is an ExternalArtifact beside the StageSet unless it says otherwise', () => {
  assert.deepEqual(sourceRefOf(stage, 'shop'), { kind: 'ExternalArtifact', name: 'shop', namespace: 'shop' });
  const elsewhere = { apiVersion: 'jaas.metio.wtf/v1', kind: 'JsonnetSnippet', name: 'web', namespace: 'apps' };
  assert.deepEqual(sourceRefOf({ sourceRef: elsewhere }, 'shop'), elsewhere);
});

test('force stands for Recreate until a default is written', () => {
  assert.equal(defaultConflictAction(stage), 'Fail');
  assert.equal(defaultConflictAction({ ...stage, force: true }), 'Recreate');
  assert.equal(defaultConflictAction({ ...stage, force: true, conflictPolicy: { default: 'Fail' } }), 'Fail');
});

test('a plain stage renders the whole artifact, hooks included, and prunes', () => {
  assert.deepEqual([pathOf(stage), appliesHelmHooks(stage), prunes(stage)], ['./', true, true]);
  assert.equal(prunes({ ...stage, prune: false }), false);
});
