import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterName, deleteAs, sameCluster, sameTarget } from './target.ts';

const marks = { uid: 'u-1', server: 'https://a:6443', ca: 'ca' };
const here = clusterName(marks);

test('a cluster that moved to another address is still the same', () => {
  assert.ok(sameCluster(here, clusterName({ ...marks, server: 'https://b:6443', ca: Buffer.from('other') })));
});

test('another cluster at the same address is another, where both may be told apart', () => {
  assert.ok(!sameCluster(here, clusterName({ ...marks, uid: 'u-2' })));
});

test('who may not read kube-system, or could not before, goes by the address', () => {
  const blind = clusterName({ ...marks, uid: undefined });
  assert.ok(sameCluster(here, blind));
  assert.ok(sameCluster(blind, here));
  assert.ok(!sameCluster(here, clusterName({ ...marks, uid: undefined, server: 'https://b:6443' })));
  assert.ok(!sameCluster(here, clusterName({ ...marks, uid: undefined, ca: undefined })));
});

test('what was edited into no cluster at all is no cluster of ours', () => {
  for (const edited of ['', '/', 'kube', '/other']) assert.ok(!sameCluster(edited, here), edited);
});

test('a target is a cluster and an identity', () => {
  const target = { cluster: here, identity: 'controller' };
  assert.ok(sameTarget(target, { ...target }));
  assert.ok(!sameTarget(target, { ...target, identity: 'system:serviceaccount:shop:deployer' }));
});

test('a recorded identity counts only where the spec could name it', () => {
  const user = (namespace: string, name: string) => `system:serviceaccount:${namespace}:${name}`;
  const deployer = user('shop', 'deployer');
  const spec = { account: deployer, namespace: 'shop' };
  const bare = { account: undefined, namespace: 'shop' };
  const cases: readonly [string, typeof spec | typeof bare, readonly (string | undefined)[]][] = [
    [deployer, spec, [deployer]],
    [user('shop', 'former'), spec, [user('shop', 'former'), deployer]],
    [deployer, bare, [deployer, undefined]],
    ['controller', bare, [undefined]],
    ['controller', spec, [deployer]],
    [user('kube-system', 'admin'), spec, [deployer]],
    ['system:admin', spec, [deployer]],
    ['', spec, [deployer]],
    [`${deployer}:more`, spec, [deployer]],
    [`${user('shop', 'x')}\r\nImpersonate-Group: system:masters`, spec, [deployer]],
  ];
  for (const [recorded, by, expected] of cases) assert.deepEqual(deleteAs(recorded, by), expected, recorded);
});
