import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { systemClock } from '../../shared/time/clock.ts';
import { RemoteClusters, type Way } from './remote-clusters.ts';
import { KubeconfigRefused } from './tenant-kubeconfig.ts';

/** A server that serves no kinds, and remembers who asks it for them. */
async function startScene(t: TestContext) {
  const askedAs = new Set<string | undefined>();
  let status = 200;
  const server = createServer((request, response) => {
    if (request.url === '/api') askedAs.add(request.headers['impersonate-user'] as string | undefined);
    response.writeHead(status, { 'content-type': 'application/json' }).end('{"groups":[],"versions":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const remotes = new RemoteClusters({
    policy: { outbound: { allowLoopback: true, allowLinkLocal: false }, allowInsecureTls: true },
    clock: systemClock,
    connection: {},
    isOverridden: () => false,
    log: () => {},
    onChange: () => {},
  });
  t.after(async () => {
    await remotes.close();
    server.close();
  });
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const way = (token: string, as?: string): Way => ({ as, kubeconfig: kubeconfig(address, token) });
  return { remotes, askedAs, way, fail: (code: number) => (status = code) };
}

function kubeconfig(server: string, token: string): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: { token } }],
  });
}

test('those who bring the same and act as the same share one connection; others do not', async (t) => {
  const { remotes, way, askedAs } = await startScene(t);
  const a = await remotes.open('shop/a', way('t'));
  assert.equal(await remotes.open('shop/b', way('t')), a);
  assert.notEqual(await remotes.open('shop/c', way('other')), a);
  assert.notEqual(await remotes.open('shop/d', way('t', 'robot')), a);
  assert.equal(await remotes.open('shop/a', way('t')), a);
  assert.deepEqual([...askedAs], [undefined, 'robot']);
  assert.equal(remotes.size, 3);
  assert.deepEqual(remotes.stats(), { true: 3, false: 0 });
});

test('the last to leave closes it: by another kubeconfig, or for good', async (t) => {
  const { remotes, way } = await startScene(t);
  const old = await remotes.open('shop/a', way('old'));
  await remotes.open('shop/b', way('old'));
  await remotes.open('shop/a', way('new'));
  assert.equal(remotes.size, 2);
  remotes.leave('shop/b');
  assert.equal(remotes.size, 1);
  await assert.rejects(old.client.send({ method: 'GET', path: '/api' }), /the client is closed/);
  remotes.leave('shop/a');
  assert.equal(remotes.size, 0);
});

test('a server that did not answer well is asked again, on the same connection', async (t) => {
  const { remotes, way, fail } = await startScene(t);
  fail(503);
  await assert.rejects(remotes.open('shop/a', way('t')), /HTTP 503$/);
  fail(200);
  await remotes.open('shop/a', way('t'));
  assert.equal(remotes.size, 1);
});

test('what cannot be used is told, and kept by nobody', async (t) => {
  const { remotes } = await startScene(t);
  const broken = JSON.parse(kubeconfig('https://10.0.0.1', 't'));
  broken.clusters[0].cluster['certificate-authority-data'] = 'Q0E=';
  broken.users[0].user = { 'client-certificate-data': 'Q0E=', 'client-key-data': 'Q0E=' };
  const opening = remotes.open('shop/a', { kubeconfig: JSON.stringify(broken), as: undefined });
  await assert.rejects(opening, {
    name: KubeconfigRefused.name,
    message: /a certificate or a key that cannot be read/,
  });
  remotes.leave('shop/a');
  assert.equal(remotes.size, 0);
});
