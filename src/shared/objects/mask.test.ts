import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets } from './mask.ts';

const id = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db', namespace: 'shop', labels: { app: 'db' } } };

test('a Secret keeps its keys and loses their values', () => {
  const secret = { ...id, type: 'Opaque', data: { user: 'YQ==', empty: null }, stringData: { password: 'p' } };
  assert.deepEqual(maskSecrets(secret, { secretIn: undefined }), {
    ...id,
    type: 'Opaque',
    data: { user: '***', empty: null },
    stringData: { password: '***' },
  });
});

test('a Secret needs no mark, and what kubectl keeps of it goes as well', () => {
  const annotations = { note: 'n', 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"user":"YQ=="}}' };
  const secret = { ...id, metadata: { name: 'db', annotations }, data: { user: 'YQ==' } };
  assert.deepEqual(maskSecrets(secret, { secretIn: undefined }), {
    ...id,
    metadata: { name: 'db', annotations: { note: 'n', 'kubectl.kubernetes.io/last-applied-configuration': '***' } },
    data: { user: '***' },
  });
});

test('a malformed Secret shows nothing either', () => {
  assert.deepEqual(maskSecrets({ ...id, data: 'p' }, { secretIn: undefined }), { ...id, data: '***' });
  assert.deepEqual(maskSecrets({ ...id, data: [{ a: 1 }] }, { secretIn: undefined }), { ...id, data: [{ a: '***' }] });
});

test('of an object that something secret went into only its name is left', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    data: { url: 'http://u:p@db' },
    spec: { ports: [80, true, { name: 'a' }], none: null },
  };
  assert.deepEqual(maskSecrets(object, { secretIn: 'values' }), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', namespace: 'shop', labels: { app: '***' } },
    data: { url: '***' },
    spec: { ports: ['***', '***', { name: '***' }], none: null },
  });
});

test('anything else stays as it is: a Secret of another group is none', () => {
  const sealed = { ...id, apiVersion: 'bitnami.com/v1', data: { a: 'b' } };
  assert.equal(maskSecrets(sealed, { secretIn: undefined }), sealed);
});

test('so of a Secret: what it is called, its type and our own labels are no secrets', () => {
  const labels = { app: 'db', 'stages.metio.wtf/name': 'shop' };
  const secret = {
    ...id,
    metadata: { name: 'db', labels, annotations: { note: 'n' } },
    type: 'Opaque',
    data: { user: 'YQ==' },
  };
  assert.deepEqual(maskSecrets(secret, { secretIn: 'values' }), {
    ...id,
    metadata: { name: 'db', labels: { app: '***', 'stages.metio.wtf/name': 'shop' }, annotations: { note: '***' } },
    type: 'Opaque',
    data: { user: '***' },
  });
  assert.equal(maskSecrets({ ...secret, type: 'hunter2' }, { secretIn: 'values' }).type, '***');
});

test('where a key may be the secret no key is shown, and two are still two', () => {
  const object = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', labels: { hunter2: 'a' } },
    data: { hunter2: 'a', b: 'c' },
  };
  assert.deepEqual(maskSecrets(object, { secretIn: 'keys' }), {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'web', labels: { '***': '***' } },
    data: { '***': '***', '*** 2': '***' },
  });
  const odd = maskSecrets({ ...object, hunter2: 1, spec: { hunter2: 1 } }, { secretIn: 'keys' });
  assert.deepEqual([odd['***'], odd.spec, 'hunter2' in odd], ['***', { '***': '***' }, false]);
});

test('each secret is shown as it is asked for', () => {
  const shown = maskSecrets(
    { ...id, data: { a: 'x', b: 'y', c: 'x' } },
    { secretIn: undefined },
    (secret) => `<${secret}>`,
  );
  assert.deepEqual(shown.data, { a: '<x>', b: '<y>', c: '<x>' });
});
