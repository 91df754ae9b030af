import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { ApiError, connectTo } from './kube-api.ts';

const resources = [
  { name: 'widgets', kind: 'Widget', namespaced: true },
  { name: 'widgets/status', kind: 'Widget', namespaced: true },
  { name: 'racks', kind: 'Rack', namespaced: false },
];
const group = { apiVersion: 'example.test/v1' };
const widget = { ...group, kind: 'Widget', namespace: 'shop', name: 'a' };

test('paths follow what the server says of a kind, asked once', async (t) => {
  const { api, requests } = await recorded(t);
  await api.get(widget);
  await api.get({ ...group, kind: 'Rack', name: 'b' });
  await api.list('example.test/v1', 'Widget');
  await api.list('example.test/v1', 'Widget', { namespace: 'shop', labelSelector: 'app=x' });
  await api.delete(widget);
  assert.deepEqual(requests, [
    'GET /apis/example.test/v1',
    'GET /apis/example.test/v1/namespaces/shop/widgets/a',
    'GET /apis/example.test/v1/racks/b',
    'GET /apis/example.test/v1/widgets',
    'GET /apis/example.test/v1/namespaces/shop/widgets?labelSelector=app%3Dx',
    'DELETE /apis/example.test/v1/namespaces/shop/widgets/a {"propagationPolicy":"Background"}',
  ]);
});

test('apply and patch say what they are', async (t) => {
  const { api, requests } = await recorded(t);
  const object = { ...group, kind: 'Widget', metadata: { name: 'a', namespace: 'shop' } };
  await api.apply(object);
  await api.patch(widget, { status: {} }, { subresource: 'status', fieldManager: 'me' });
  const path = '/apis/example.test/v1/namespaces/shop/widgets/a';
  assert.deepEqual(requests.slice(1), [
    `PATCH ${path}?fieldManager=test&force=true (apply-patch+yaml) ${JSON.stringify(object)}`,
    `PATCH ${path}/status?fieldManager=me (merge-patch+json) {"status":{}}`,
  ]);
});

test('a refusal keeps its status and reason, and find takes absence for an answer', async (t) => {
  const { api } = await recorded(t);
  const absent = { ...widget, name: 'absent' };
  const refusal = await api.get(absent).catch((error: unknown) => error);
  assert.ok(refusal instanceof ApiError);
  assert.deepEqual([refusal.status, refusal.reason], [404, 'NotFound']);
  assert.match(refusal.message, /^GET \/apis\/.*\/absent: 404: no such widget$/);
  assert.equal(await api.find(absent), undefined);
});

test('a mistake in a test is told before it is sent', async (t) => {
  const { api } = await recorded(t);
  await assert.rejects(api.get({ ...group, kind: 'Gadget', name: 'a' }), /serves no Gadget in example\.test\/v1/);
  await assert.rejects(api.get({ ...group, kind: 'Widget', name: 'a' }), /Widget a needs a namespace/);
});

async function recorded(t: TestContext) {
  const requests: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const patch = /\/(.*patch.*)/.exec(request.headers['content-type'] ?? '')?.[1];
    requests.push([request.method, request.url, patch && `(${patch})`, body].filter(Boolean).join(' '));
    const absent = request.url?.endsWith('/absent');
    const answer = absent ? { reason: 'NotFound', message: 'no such widget' } : { resources, items: [] };
    response.writeHead(absent ? 404 : 200).end(JSON.stringify(answer));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const api = connectTo({ url, certificateAuthority: '' }, 'token');
  t.after(async () => {
    await api.close();
    server.close();
  });
  return { api, requests };
}
