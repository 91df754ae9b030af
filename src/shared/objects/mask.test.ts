import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets } from './mask.ts';

const id = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } } };

test('a Secret keeps its keys and loses their values', () => {
  const secret = { ...id, type: 'Opaque', data: { user: 'YQ==', empty: null }, stringData: { password: 'p' } };
  assert.deepEqual(maskSecrets(secret, { sensitive: true }), {
    ...id,
    type: 'Opaque',
    data: { user: '***', empty: null },
    stringData: { password: '***' },
  });
});

test('a Secret needs no mark, and what kubectl keeps of it goes as well', () => {
  const annotations = { note: 'n', 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"user":"YQ=="}}' };
  const secret = { ...id, metadata: { name: 'db', annotations }, data: { user: 'YQ==' } };
  assert.deepEqual(maskSecrets(secret, { sensitive: false }), {
    ...id,
    metadata: { name: 'db', annotations: { note: 'n', 'kubectl.kubernetes.io/last-applied-configuration': '***' } },
    data: { user: '***' },
  });
});

test('a malformed Secret shows nothing either', () => {
  assert.deepEqual(maskSecrets({ ...id, data: 'p' }, { sensitive: true }), { ...id, data: '***' });
  assert.deepEqual(maskSecrets({ ...id, data: [{ a: 1 }] }, { sensitive: true }), { ...id, data: [{ a: '***' }] });
});

test('of another object that something secret went into only its name is left', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    data: { url: 'http://u:p@db' },
    spec: { ports: [80, true, { name: 'a' }], none: null },
  };
  assert.deepEqual(maskSecrets(object, { sensitive: true }), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop', labels: { app: '***' } },
    data: { url: '***' },
    spec: { ports: ['***', '***', { name: '***' }], none: null },
  });
});

test('anything else stays as it is: a Secret of another group is none', () => {
  const sealed = { ...id, apiVersion: 'bitnami.com/v1', data: { a: 'b' } };
  assert.equal(maskSecrets(sealed, { sensitive: false }), sealed);
});
