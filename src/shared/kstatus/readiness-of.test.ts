import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../objects/object.ts';
import { readinessAt } from './readiness.ts';
import { readinessOf } from './readiness-of.ts';

// The rules themselves are held against kstatus in test/conformance/kstatus.test.ts.

const nowMs = Date.parse('2030-01-01T00:00:00Z');

function objectOf(apiVersion: string, kind: string, parts: Partial<KubeObject>): KubeObject {
  return { apiVersion, kind, ...parts, metadata: { name: 'it', ...parts.metadata } };
}

test('a running Job is not ready, a complete one is, a failed one failed', () => {
  const jobWith = (type: string) =>
    objectOf('batch/v1', 'Job', {
      status: { startTime: '2030-01-01T00:00:00Z', conditions: [{ type, status: 'True' }] },
    });
  assert.equal(readinessOf(jobWith('SuccessCriteriaMet'), nowMs).is, 'inProgress');
  assert.equal(readinessOf(jobWith('Complete'), nowMs).is, 'current');
  assert.equal(readinessOf(jobWith('Failed'), nowMs).is, 'failed');
});

test('a pod that no node takes is in progress for 15 s, then failed', () => {
  const pod = objectOf('v1', 'Pod', {
    metadata: { name: 'it', creationTimestamp: '2030-01-01T00:00:00Z' },
    status: { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }] },
  });
  const early = readinessOf(pod, nowMs + 14_999);
  assert.equal(early.is, 'inProgress');
  assert.equal(readinessAt(early, nowMs + 14_999), early);
  assert.deepEqual(readinessAt(early, nowMs + 15_000), { is: 'failed', message: 'Pod could not be scheduled' });
  assert.deepEqual(readinessOf(pod, nowMs + 15_000), { is: 'failed', message: 'Pod could not be scheduled' });
});

test('a status that cannot be read is unknown, and says which field', () => {
  const messageOf = (status: unknown) => {
    const readiness = readinessOf(objectOf('example.com/v1', 'Widget', { status }), nowMs);
    assert.equal(readiness.is, 'unknown');
    return readiness.message;
  };
  assert.equal(messageOf('fine'), 'status is of type string');
  assert.equal(messageOf({ conditions: {} }), 'status.conditions is of type object');
  assert.equal(
    messageOf({ conditions: [{ type: 'Ready', status: true }] }),
    'status.conditions[0].status is of type boolean',
  );
  const pod = objectOf('v1', 'Pod', { status: { phase: 'Dreaming' } });
  assert.deepEqual(readinessOf(pod, nowMs), { is: 'unknown', message: 'status.phase is none that a pod has' });
});
