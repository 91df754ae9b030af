import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { connectTo, type KubeApi } from '../../tools/control-plane/kube-api.ts';
import { createNamespace } from '../../tools/control-plane/namespace.ts';
import { openPlanePool } from '../harness/plane-pool.ts';
import { receiveCluster, wellDone } from '../harness/test-plane.ts';

/** As a test file's process does it, but that it can leave without a word. */
async function borrow(socketPath: string) {
  const pool = connect(socketPath);
  const { dir, server, adminToken, auditLogPath } = await receiveCluster(pool);
  const api = connectTo(server, adminToken);
  const leave = async (lastWords: string) => {
    await api.close();
    await once(pool.end(lastWords).resume(), 'close');
  };
  return { dir, api, auditLogPath, leave };
}

const stageSets = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  name: 'stagesets.stages.metio.wtf',
};
const held = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'held', namespace: 'left', finalizers: ['test/never'] },
};

async function makeMess(api: KubeApi): Promise<void> {
  await createNamespace(api, 'left');
  await api.create(held);
  await api.create({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'left' } });
  await api.delete(stageSets);
}

test('a control plane that is lent again is as new; whose borrower died is not lent again', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'pool-'));
  t.after(() => rm(folder, { recursive: true }));
  const socketPath = join(folder, 'pool.sock');
  await using pool = await openPlanePool(socketPath);

  const first = await borrow(socketPath);
  await makeMess(first.api);
  assert.match(await readFile(first.auditLogPath, 'utf8'), /"name":"held"/);
  await first.leave(wellDone);
  await eventually(() => assert.equal(pool.idle, 1));

  const second = await borrow(socketPath);
  assert.equal(second.dir, first.dir);
  const namespaces = await second.api.list('v1', 'Namespace');
  assert.deepEqual(
    namespaces.map(({ metadata }) => metadata.name),
    ['default', 'kube-node-lease', 'kube-public', 'kube-system'],
  );
  assert.deepEqual(await second.api.list('v1', 'ConfigMap', { namespace: 'left' }), []);
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', name: 'left' };
  assert.equal(await second.api.find(role), undefined);
  assert.deepEqual(await second.api.list('stages.metio.wtf/v1', 'StageSet'), []);
  assert.doesNotMatch(await readFile(second.auditLogPath, 'utf8'), /"name":"held"/);

  await second.leave('');
  const third = await borrow(socketPath);
  assert.notEqual(third.dir, first.dir);
  await third.leave(wellDone);
});
