import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../shared/api/types.ts';
import { toFluxEvent } from './flux-event.ts';
import type { StageSetEvent } from './recorder.ts';

const set: StageSet = {
  apiVersion: 'stages.metio.wtf/v1',
  kind: 'StageSet',
  metadata: {
    name: 'shop',
    namespace: 'apps',
    uid: 'u',
    resourceVersion: '7',
    generation: 3,
    annotations: { 'event.toolkit.fluxcd.io/cluster': 'eu-1', 'example.test/private': 'stays' },
  },
  spec: { stages: [] },
  status: {
    conditions: [
      { type: 'Ready', status: 'True', reason: 'Succeeded', message: '', lastTransitionTime: '2030-01-01T00:00:00Z' },
    ],
  },
};
const succeeded: StageSetEvent = {
  type: 'Normal',
  reason: 'Succeeded',
  note: 'All 1 stages applied',
  revisions: { 'apps/app': 'main@sha1:aaa' },
};
const from = { instance: 'pod-1', wallMs: Date.parse('2030-01-01T00:00:05.678Z') };

test('an event as notification-controller reads it', () => {
  assert.deepEqual(toFluxEvent(set, succeeded, from), {
    involvedObject: {
      apiVersion: 'stages.metio.wtf/v1',
      kind: 'StageSet',
      namespace: 'apps',
      name: 'shop',
      uid: 'u',
      resourceVersion: '7',
    },
    severity: 'info',
    timestamp: '2030-01-01T00:00:05Z',
    message: 'All 1 stages applied',
    reason: 'Succeeded',
    action: 'Reconcile',
    metadata: {
      'event.toolkit.fluxcd.io/cluster': 'eu-1',
      'stages.metio.wtf/reason': 'Succeeded',
      'stages.metio.wtf/revision': 'main@sha1:aaa',
      'stages.metio.wtf/token': '3@2030-01-01T00:00:00Z',
    },
    reportingController: 'stageset-controller',
    reportingInstance: 'pod-1',
  });
});

test('a warning is an error', () => {
  assert.equal(toFluxEvent(set, { ...succeeded, type: 'Warning' }, from).severity, 'error');
});

test('one revision stands alone, several are named by their sources', () => {
  const revision = (revisions: StageSetEvent['revisions']) =>
    toFluxEvent(set, { ...succeeded, revisions }, from).metadata['stages.metio.wtf/revision'];
  assert.equal(revision({ 'apps/app': 'r1', 'apps/db': 'r1' }), 'r1');
  assert.equal(revision({ 'apps/db': 'r2', 'apps/app': 'r1' }), 'apps/app=r1, apps/db=r2');
  assert.equal(revision({}), undefined);
  assert.equal(revision(undefined), undefined);
});

test('a message is cut to what Flux takes', () => {
  assert.equal(toFluxEvent(set, { ...succeeded, note: 'x'.repeat(50_000) }, from).message.length, 39_000);
});
