import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../../shared/objects/object.ts';
import { podHasStarted } from './standing.ts';

const cases: readonly (readonly [string, object, boolean])[] = [
  ['that no node takes', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False' }] }, false],
  [
    'whose image is not found',
    { phase: 'Pending', containerStatuses: [{ state: { waiting: { reason: 'ImagePullBackOff' } } }] },
    false,
  ],
  ['that runs', { phase: 'Running' }, true],
  ['of which an init container runs', { phase: 'Pending', initContainerStatuses: [{ state: { running: {} } }] }, true],
  [
    'of which an init container has ended',
    { phase: 'Pending', initContainerStatuses: [{ state: { terminated: { exitCode: 0 } } }] },
    true,
  ],
  [
    'that crashes again and again',
    { phase: 'Pending', containerStatuses: [{ state: { waiting: {} }, lastState: { terminated: { exitCode: 1 } } }] },
    true,
  ],
  ['that a node threw out before it ran', { phase: 'Failed', reason: 'Evicted' }, false],
];
for (const [what, status, hasStarted] of cases) {
  test(`a pod ${what} has ${hasStarted ? '' : 'never '}started`, () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'it' }, status } as KubeObject;
    assert.equal(podHasStarted(pod), hasStarted);
  });
}
