import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { type TestContext, test } from 'node:test';
import { OutboundClient, type OutboundResponse } from '../../src/main/outbound/client.ts';
import { collectBody } from '../../src/main/outbound/collect-body.ts';
import { type OutboundPolicy, OutboundRefused } from '../../src/main/outbound/guard.ts';
import type { Resolve } from '../../src/main/outbound/guarded-connect.ts';
import { startHttpServer } from '../support/http-server.ts';

const strict = { allowLoopback: false, allowLinkLocal: false };
const local = { allowLoopback: true, allowLinkLocal: false };

/** Answers with each list in turn, the last one for ever. */
function names(...answers: readonly (readonly string[])[]): Resolve & { readonly asked: string[] } {
  const asked: string[] = [];
  const resolve: Resolve = async (host) => {
    const addresses = answers[Math.min(asked.push(host), answers.length) - 1] ?? [];
    return addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  };
  return Object.assign(resolve, { asked });
}

function open(t: TestContext, policy: OutboundPolicy, resolve?: Resolve) {
  const client = new OutboundClient(policy, resolve === undefined ? {} : { resolve });
  t.after(() => client.close());
  return (url: string, { headers = {}, signal = new AbortController().signal, silenceMs = 5_000 } = {}) =>
    client.send(new URL(url), { method: 'GET', headers, silenceMs, signal });
}

async function textOf(response: OutboundResponse): Promise<string> {
  return Buffer.from(await collectBody(response.body, { maxBytes: 1_000 })).toString();
}

const hello = (_: unknown, response: ServerResponse) => void response.end('hello');

const waysToSayLoopback = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '2130706433',
  '0x7f000001',
  '0x7f.0.0.1',
  '0177.0.0.1',
  '017700000001',
  '127.0.0.1.',
  '①②⑦.0.0.1',
  '%31%32%37.0.0.1',
  '127.0.0.2',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  'localhost',
  'LOCALHOST',
];

for (const host of waysToSayLoopback) {
  test(`no way to this machine by ${host}`, async (t) => {
    const server = await startHttpServer(t, hello);
    const send = open(t, strict);
    await assert.rejects(send(`http://${host}:${server.port}/`), OutboundRefused);
    await assert.rejects(send(`https://${host}:${server.port}/`), OutboundRefused);
    assert.equal(server.connections(), 0);
  });
}

const neverAllowed = [
  '169.254.169.254',
  '2852039166',
  '0xa9fea9fe',
  '[::ffff:169.254.169.254]',
  '[fd00:ec2::254]',
  '100.100.100.200',
  '0.0.0.0',
  '0',
  '[::]',
  '[::ffff:0.0.0.0]',
  '224.0.0.1',
  '255.255.255.255',
  '[ff02::1]',
];

for (const host of neverAllowed) {
  test(`${host} is refused by every policy`, async (t) => {
    const send = open(t, { allowLoopback: true, allowLinkLocal: true });
    await assert.rejects(send(`http://${host}/`), OutboundRefused);
  });
}

test('link-local is refused unless allowed', async (t) => {
  await assert.rejects(
    open(t, local)('http://169.254.1.1/'),
    /169\.254\.1\.1 is not allowed: it is a link-local address/,
  );
  await assert.rejects(open(t, local)('http://[fe80::1]/'), OutboundRefused);
});

test('a name that leads to a refused address is refused, and its address is not told', async (t) => {
  for (const [address, kind] of [
    ['169.254.169.254', 'a cloud metadata address'],
    ['127.0.0.1', 'a loopback address'],
    ['::ffff:127.0.0.1', 'a loopback address'],
    ['::', 'an unspecified address'],
  ] as const) {
    const send = open(t, strict, names([address]));
    await assert.rejects(send('http://inside.example/'), { message: `inside.example is not allowed: it is ${kind}` });
  }
  await assert.rejects(open(t, strict, names([]))('http://inside.example/'), /it has no address/);
});

test('a name is resolved once a connection: what was checked is what is connected to', async (t) => {
  const server = await startHttpServer(t, (_, response) => void response.setHeader('connection', 'close').end('hello'));
  const resolve = names(['127.0.0.1'], ['169.254.169.254']);
  const send = open(t, local, resolve);
  assert.equal(await textOf(await send(`http://rebinding.example:${server.port}/`)), 'hello');
  assert.equal(resolve.asked.length, 1);
  await assert.rejects(send(`http://rebinding.example:${server.port}/`), OutboundRefused);
  assert.equal(server.connections(), 1);
});

test('of several addresses only those allowed are tried', async (t) => {
  const server = await startHttpServer(t, hello);
  const send = open(t, local, names(['169.254.169.254', 'fd00:ec2::254', '127.0.0.1']));
  assert.equal(await textOf(await send(`http://mixed.example:${server.port}/`)), 'hello');
});

test('a redirect comes back as it is', async (t) => {
  const server = await startHttpServer(t, (_, response) => {
    response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
  });
  const response = await open(t, local)(`${server.origin}/`);
  assert.deepEqual([response.status, response.headers.location], [302, 'http://169.254.169.254/']);
  response.discard();
  assert.deepEqual(server.requests, ['/']);
});

test('proxy variables are not looked at', async (t) => {
  const proxy = await startHttpServer(t, (_, response) => void response.end('proxy'));
  const server = await startHttpServer(t, hello);
  const variables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = variables.map((name) => [name, process.env[name]] as const);
  t.after(() => {
    for (const [name, value] of before) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });
  for (const name of variables) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy.origin;
  assert.equal(await textOf(await open(t, local)(`${server.origin}/`)), 'hello');
  assert.equal(proxy.connections(), 0);
});

test('credentials in the URL go out as basic auth, unless a header says otherwise', async (t) => {
  const server = await startHttpServer(t, (request, response) => void response.end(request.headers.authorization));
  const url = `http://user:p%40ss%@127.0.0.1:${server.port}/`;
  const send = open(t, local);
  assert.equal(await textOf(await send(url)), `Basic ${Buffer.from('user:p@ss%').toString('base64')}`);
  assert.equal(await textOf(await send(url, { headers: { authorization: 'Bearer token' } })), 'Bearer token');
});

test('an abort is answered at once: before the request, in the name server, before the answer and in it', async (t) => {
  const reason = new Error('superseded');
  const abortSoon = () => {
    const stop = new AbortController();
    setImmediate(() => stop.abort(reason));
    return stop.signal;
  };
  const silentNames: Resolve = () => new Promise(() => {});
  await assert.rejects(open(t, strict, silentNames)('http://slow.example/', { signal: abortSoon() }), reason);
  await assert.rejects(
    open(t, strict, silentNames)('http://slow.example/', { signal: AbortSignal.abort(reason) }),
    reason,
  );

  const silent = await startHttpServer(t, () => {});
  await assert.rejects(open(t, local)(`${silent.origin}/`, { signal: abortSoon() }), reason);

  const half = await startHttpServer(t, (_, response) => void response.write('half'));
  const stop = new AbortController();
  const response = await open(t, local)(`${half.origin}/`, { signal: stop.signal });
  setImmediate(() => stop.abort(reason));
  await assert.rejects(textOf(response), reason);
});

test('an answer that is not wanted closes its connection', async (t) => {
  const closed = Promise.withResolvers<void>();
  const endless = await startHttpServer(t, (_, response) => {
    response.write('and so on');
    void once(response, 'close').then(() => closed.resolve());
  });
  const response = await open(t, local)(`${endless.origin}/`);
  response.discard();
  await closed.promise;
});
