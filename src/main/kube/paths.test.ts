import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collectionPath, isCollectionPath, objectPath } from './paths.ts';

const configMap = { group: '', version: 'v1', plural: 'configmaps', namespaced: true };
const clusterRole = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  plural: 'clusterroles',
  namespaced: false,
};

test('paths of collections and objects', () => {
  assert.equal(collectionPath(configMap), '/api/v1/configmaps');
  assert.equal(collectionPath(configMap, 'shop'), '/api/v1/namespaces/shop/configmaps');
  assert.equal(objectPath(configMap, 'shop', 'a', 'status'), '/api/v1/namespaces/shop/configmaps/a/status');
  assert.equal(
    objectPath(clusterRole, 'ignored', 'system:node'),
    '/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Anode',
  );
});

test('a name cannot lead anywhere else', () => {
  assert.equal(objectPath(configMap, 'a/b', '../x?y#z'), '/api/v1/namespaces/a%2Fb/configmaps/..%2Fx%3Fy%23z');
  for (const name of ['', '.', '..']) assert.throws(() => objectPath(configMap, 'shop', name), RangeError);
});

test('collections are told from objects', () => {
  const collections = [
    '/api/v1/pods',
    '/api/v1/namespaces',
    '/apis/apps/v1/deployments',
    '/api/v1/namespaces/shop/pods',
    '/apis/apps/v1/namespaces/shop/deployments',
  ];
  const others = [
    '/api',
    '/apis',
    '/api/v1',
    '/apis/apps/v1',
    '/version',
    '/api/v1/namespaces/shop',
    '/api/v1/namespaces/shop/status',
    '/api/v1/namespaces/shop/finalize',
    '/api/v1/nodes/n1',
    '/api/v1/nodes/n1/status',
    '/api/v1/namespaces/shop/pods/p',
    '/apis/apps/v1/namespaces/shop/deployments/d/scale',
  ];
  assert.deepEqual(collections.filter(isCollectionPath), collections);
  assert.deepEqual(others.filter(isCollectionPath), []);
});
