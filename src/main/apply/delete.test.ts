import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failure, scriptedCluster, widgets } from '../../../test/support/scripted-cluster.ts';
import { keys } from '../../shared/labels.ts';
import type { KubeRequest } from '../kube/types.ts';
import { deleteAll, deleteOwned } from './delete.ts';

const owner = { namespace: 'shop', name: 'app' };
const object = { id: 'shop_web_x.io_Widget', apiVersion: 'x.io/v1' };
/** Method, version, precondition and account. */
function briefly({ method, path, body, as }: KubeRequest): string {
  const { preconditions = {} } = body === undefined ? {} : JSON.parse(String(body));
  return [method, path.split('/')[3], preconditions.resourceVersion, as].filter(Boolean).join(' ');
}

function found(resourceVersion: string, by = 'app', more: object = {}) {
  const labels = { [keys.ownerNamespace]: 'shop', [keys.ownerName]: by };
  return { metadata: { name: 'web', namespace: 'shop', uid: 'u', resourceVersion, labels, ...more } };
}

test('what was read is what goes; what changed in between is read again', async () => {
  const { target, asked } = scriptedCluster([found('1'), failure(409), found('2'), {}]);
  assert.deepEqual(await deleteOwned(target, object, owner), { is: 'deleting' });
  assert.deepEqual(asked.map(briefly), ['GET v1', 'DELETE v1 1', 'GET v1', 'DELETE v1 2']);
});

test('what was adopted or marked between the look and the deletion stays', async () => {
  const marked = found('2', 'app', { annotations: { [keys.prune]: 'disabled' } });
  for (const changed of [found('2', 'another'), marked]) {
    const { target } = scriptedCluster([found('1'), failure(409), changed]);
    assert.deepEqual(await deleteOwned(target, object, owner), { is: 'left' });
  }
});

test('what never stands still fails, and is tried another time', async () => {
  const { target } = scriptedCluster(Array.from({ length: 5 }, () => [found('1'), failure(409)]).flat());
  assert.equal((await deleteOwned(target, object, owner)).is, 'failed');
});

test('an object that is not there is gone; a path that is not there may have moved to another version', async () => {
  const gone = scriptedCluster([failure(404, { name: 'web' })]);
  assert.deepEqual(await deleteOwned(gone.target, object, owner), { is: 'gone' });
  const moved = scriptedCluster([failure(404), found('1'), {}], [[widgets('v1')], [widgets('v2')]]);
  assert.deepEqual(await deleteOwned(moved.target, object, owner), { is: 'deleting' });
  assert.deepEqual(moved.asked.map(briefly), ['GET v1', 'GET v2', 'DELETE v2 1']);
  const kindless = scriptedCluster([failure(404)], [[widgets('v1')], []]);
  assert.deepEqual(await deleteOwned(kindless.target, object, owner), { is: 'gone' });
});

test('who may not is followed by the next who might; any other failure is final', async () => {
  const { target, asked } = scriptedCluster([failure(403), found('1'), {}]);
  const targets = ['former', 'latter'].map((as) => ({ ...target, as }));
  assert.deepEqual(await deleteAll(targets, [object], owner), { deleting: [object.id], failures: [] });
  assert.deepEqual(asked.map(briefly), ['GET v1 former', 'GET v1 latter', 'DELETE v1 1 latter']);
  const broken = scriptedCluster([failure(500)]);
  const { failures } = await deleteAll([broken.target, broken.target], [object], owner);
  assert.equal(failures.length, 1);
  assert.equal(broken.asked.length, 1);
});
