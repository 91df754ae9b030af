import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { detailOf, type ObjectShown, standingOf } from './objects.ts';

test('what a Deployment has to say', () => {
  const rows: readonly [status: object, detail: string][] = [
    [{}, '0 of 3 pods ready'],
    [{ replicas: 3, updatedReplicas: 3, availableReplicas: 2 }, '2 of 3 pods ready'],
    [{ replicas: 4, updatedReplicas: 1, availableReplicas: 3 }, '1 of 3 pods replaced'],
    [{ replicas: 4, updatedReplicas: 3, availableReplicas: 4 }, '4 pods ready, 3 wanted'],
    [{ replicas: 3, updatedReplicas: 3, availableReplicas: 3 }, '3 of 3 pods ready'],
  ];
  for (const [status, detail] of rows) assert.equal(detailOf(shown({ live: deployment(status) })), detail);
  assert.equal(detailOf(shown({ live: undefined })), '');
});

test('where an object stands', () => {
  const failed = [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded' }];
  assert.equal(standingOf(shown({ live: undefined }), 0), 'awaited');
  assert.equal(standingOf(shown({ live: deployment({}) }), 0), 'progressing');
  assert.equal(standingOf(shown({ live: deployment({ conditions: failed }) }), 0), 'failed');
  assert.equal(standingOf(shown({ live: deployment({}), published: false }), 0), 'leftover');
  assert.equal(standingOf(shown({ live: undefined, published: false }), 0), 'removed');
});

function shown(parts: Partial<ObjectShown>): ObjectShown {
  return { stage: 'app', kind: 'Deployment', name: 'web', published: true, live: undefined, ...parts };
}

function deployment(status: object): KubeObject {
  return { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 3 }, status };
}
