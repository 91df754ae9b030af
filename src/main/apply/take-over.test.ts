import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, scriptedCluster, widgets } from '../../../test/support/scripted-cluster.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { KubeError } from '../kube/errors.ts';
import type { Sending } from './send-apply.ts';
import { fold } from './take-over.ts';

const place = { resource: widgets('v1'), namespace: 'shop', name: 'web' };
const object = { id: 'shop_web_x.io_Widget', apiVersion: 'x.io/v1' } as PlannedObject;

function version(resourceVersion: string, managers: readonly string[]) {
  const managedFields = managers.map((manager) => ({ manager, operation: 'Apply', fieldsV1: { 'f:spec': {} } }));
  return { metadata: { name: 'web', resourceVersion, managedFields } };
}

function sending(): Sending & { readonly done: (readonly string[])[] } {
  const done: (readonly string[])[] = [];
  return {
    bodyOf: () => new Uint8Array(),
    policyOf: () => ({ action: 'Fail', guarded: false }),
    mayFold: () => true,
    hasFolded: (_, managers) => done.push(managers),
    done,
  };
}

const conflict = new KubeError({ status: 409, reason: 'Conflict', message: 'the object has been modified' });

// A Deployment's status is written while we look: whoever was not folded then must not count as one who came back.
test('what was written in between is read, and folded then', async () => {
  const { target, asked } = scriptedCluster([conflict, version('2', ['helm', 'kubectl-edit']), {}]);
  const manner = sending();
  assert.equal(await fold(target, place, object, manner, version('1', ['helm']).metadata as never), true);
  assert.deepEqual(
    asked.map(({ method }) => method),
    ['PATCH', 'GET', 'PATCH'],
  );
  assert.deepEqual(manner.done, [['helm', 'kubectl-edit']]);
});

test('what never stands still, or may not be written, is not counted as folded', async () => {
  const restless = Array.from({ length: 10 }, () => [conflict, version('2', ['helm'])]).flat();
  for (const answers of [restless, [failure(403)]]) {
    const manner = sending();
    const { target } = scriptedCluster(answers);
    await assert.rejects(fold(target, place, object, manner, version('1', ['helm']).metadata as never));
    assert.deepEqual(manner.done, []);
  }
});

test('what nobody else holds is left as it is', async () => {
  const { target, asked } = scriptedCluster([]);
  assert.equal(await fold(target, place, object, sending(), version('1', ['somebody']).metadata as never), false);
  assert.deepEqual(asked, []);
});
