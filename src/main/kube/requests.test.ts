import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KubeError } from './errors.ts';
import { createObject, deleteObject, getMetadata, listPaged, patchObject, serverSideApply } from './requests.ts';
import { type ClusterClient, type KubeRequest, type Resource, unleased } from './types.ts';

const deployments: Resource = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  namespaced: true,
  verbs: [],
};
const web = { resource: deployments, namespace: 'shop', name: 'web' };

/** Answers with these bodies in turn, and keeps what it was asked. */
function clientAnswering(...answers: readonly (object | KubeError)[]) {
  const asked: KubeRequest[] = [];
  const left = [...answers];
  const client: ClusterClient = {
    send: async (request) => {
      asked.push(request);
      const body = left.shift() ?? {};
      if (body instanceof KubeError) throw body;
      return { status: 200, body: body as never, warnings: [] };
    },
    stream: () => assert.fail(),
    stats: () => assert.fail(),
    close: () => assert.fail(),
  };
  return { client, asked };
}

const expired = new KubeError({ status: 410, reason: 'Expired', message: 'too old' });

test('an apply says what it is, and only what it is', async () => {
  const { client, asked } = clientAnswering();
  const body = Buffer.from('{}');
  await serverSideApply(client, {
    ...web,
    lease: unleased,
    body,
    fieldManager: 'stageset-controller',
    force: true,
    dryRun: true,
    as: 'robot',
  });
  await serverSideApply(client, {
    ...web,
    lease: unleased,
    body,
    fieldManager: 'm',
    force: false,
    subresource: 'status',
    answer: 'metadata',
  });
  assert.deepEqual(asked, [
    {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/web',
      query: { fieldManager: 'stageset-controller', force: 'true', dryRun: 'All' },
      contentType: 'application/apply-patch+yaml',
      body,
      lease: unleased,
      as: 'robot',
    },
    {
      method: 'PATCH',
      path: '/apis/apps/v1/namespaces/shop/deployments/web/status',
      query: { fieldManager: 'm' },
      contentType: 'application/apply-patch+yaml',
      body,
      lease: unleased,
      answer: 'metadata',
    },
  ]);
});

test('an empty user is passed on, to be refused, never dropped', async () => {
  const { client, asked } = clientAnswering();
  await getMetadata(client, { ...web, as: '' });
  assert.equal(asked[0]?.as, '');
});

test('a deletion names the very object', async () => {
  const { client, asked } = clientAnswering();
  await deleteObject(client, { ...web, lease: unleased, uid: 'u1', resourceVersion: '7', propagation: 'Background' });
  await deleteObject(client, { ...web, lease: unleased, propagation: 'Foreground', dryRun: true });
  assert.deepEqual(
    asked.map(({ body }) => JSON.parse(String(body))),
    [
      {
        apiVersion: 'v1',
        kind: 'DeleteOptions',
        propagationPolicy: 'Background',
        preconditions: { uid: 'u1', resourceVersion: '7' },
      },
      { apiVersion: 'v1', kind: 'DeleteOptions', propagationPolicy: 'Foreground', dryRun: ['All'] },
    ],
  );
});

test('patches and creations', async () => {
  const { client, asked } = clientAnswering();
  await patchObject(client, { ...web, lease: unleased, patch: { metadata: { labels: null } }, subresource: 'status' });
  await patchObject(client, {
    ...web,
    lease: unleased,
    patch: [],
    type: 'application/json-patch+json',
    fieldManager: 'm',
  });
  await createObject(client, { lease: unleased, resource: deployments, namespace: 'shop', body: '{}' });
  assert.deepEqual(
    asked.map(({ method, path, contentType, body }) => [method, path, contentType, body]),
    [
      [
        'PATCH',
        '/apis/apps/v1/namespaces/shop/deployments/web/status',
        'application/merge-patch+json',
        '{"metadata":{"labels":null}}',
      ],
      ['PATCH', '/apis/apps/v1/namespaces/shop/deployments/web', 'application/json-patch+json', '[]'],
      ['POST', '/apis/apps/v1/namespaces/shop/deployments', undefined, '{}'],
    ],
  );
});

test('a list gathers its pages and says what its items are', async () => {
  const { client, asked } = clientAnswering(
    { metadata: { continue: 'more', resourceVersion: '9' }, items: [{ metadata: { name: 'a' } }] },
    { metadata: { resourceVersion: '9' }, items: [{ metadata: { name: 'b' } }] },
  );
  const { items, resourceVersion } = await listPaged(client, { resource: deployments, labelSelector: 'x=y' });
  assert.deepEqual(items, [
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'b' } },
  ]);
  assert.equal(resourceVersion, '9');
  assert.deepEqual(asked[1]?.query, { labelSelector: 'x=y', limit: '250', continue: 'more' });
});

test('a list that expires between pages begins again, and gives up in the end', async () => {
  const firstPage = { metadata: { continue: 'more', resourceVersion: '9' }, items: [{ metadata: { name: 'old' } }] };
  const whole = { metadata: { resourceVersion: '12' }, items: [{ metadata: { name: 'new' } }] };
  const again = clientAnswering(firstPage, expired, whole);
  const { items } = await listPaged(again.client, { resource: deployments });
  assert.deepEqual(
    items.map(({ metadata }) => metadata.name),
    ['new'],
  );

  const never = clientAnswering(expired, expired, expired);
  await assert.rejects(listPaged(never.client, { resource: deployments }), expired);
});

test('an empty list of a server that says null', async () => {
  const { client } = clientAnswering({ metadata: { resourceVersion: '3' }, items: null });
  assert.deepEqual(await listPaged(client, { resource: deployments }), { items: [], resourceVersion: '3' });
});

test('a list that has no end is given up', async () => {
  const page = { metadata: { resourceVersion: '7', continue: 'more' }, items: [{}, {}] };
  const { client, asked } = clientAnswering(...Array.from({ length: 10 }, () => page));
  await assert.rejects(listPaged(client, { resource: deployments, most: 5 }), /more than 5 deployments/);
  assert.equal(asked.length, 3);
});
