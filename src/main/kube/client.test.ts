import assert from 'node:assert/strict';
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { type TestContext, test } from 'node:test';
import { ManualClock } from '../../shared/time/manual-clock.ts';
import { type ConnectOptions, connect, type ObservedRequest } from './client.ts';
import type { ClusterConfig } from './config.ts';
import { KubeError, LeaseLost } from './errors.ts';
import { type ReadRequest, unleased, type WriteRequest } from './types.ts';

const get: ReadRequest = { method: 'GET', path: '/api/v1/namespaces/shop/configmaps/a' };
const apply: WriteRequest = {
  method: 'PATCH',
  path: get.path,
  lease: unleased,
  contentType: 'application/apply-patch+yaml',
  body: '{}',
};

/** A server that answers as told, a client of it, and what reached the server. */
async function startScene(
  t: TestContext,
  answer: RequestListener,
  options: ConnectOptions & Partial<ClusterConfig> = {},
) {
  const seen: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const config: ClusterConfig = { server: origin, tls: { insecure: false }, authHeaders: async () => ({}), ...options };
  const client = connect(config, options);
  t.after(async () => {
    server.closeAllConnections();
    server.close();
    await client.close();
  });
  return { client, origin, seen, stop: () => new Promise((resolve) => server.close(resolve)) };
}

function ok(response: ServerResponse, body: unknown = { kind: 'ConfigMap' }): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const failsWith = (reason: string, message: RegExp) => (error: unknown) => {
  assert.ok(error instanceof KubeError, String(error));
  assert.deepEqual([error.status, error.reason], [0, reason]);
  assert.match(error.message, message);
  return true;
};

test('an answer, with its warnings', async (t) => {
  const { client, seen } = await startScene(
    t,
    (_request, response) => {
      response.setHeader('warning', '299 - "unknown field"');
      ok(response, { hello: 'world' });
    },
    { authHeaders: async () => ({ authorization: 'Bearer t' }), userAgent: 'stagesetctl/1' },
  );
  const { body, warnings } = await client.send({ ...get, query: { a: 'b c' }, as: 'robot' });
  assert.deepEqual([body, warnings], [{ hello: 'world' }, ['unknown field']]);
  assert.equal(seen[0]?.url, '/api/v1/namespaces/shop/configmaps/a?a=b+c');
  const { authorization, 'user-agent': agent, 'impersonate-user': as } = seen[0]?.headers ?? {};
  assert.deepEqual([authorization, agent, as], ['Bearer t', 'stagesetctl/1', 'robot']);
});

test('who has credentials of the tenant needs no impersonation, and gets others when they lapse', async (t) => {
  let number = 1;
  const standIn = {
    credentialsOf: async (user: string) => ({ authorization: `Bearer ${user}-${number}` }),
    refused: () => {
      number += 1;
    },
  };
  const { client, seen } = await startScene(
    t,
    (request, response) => {
      if (request.headers.authorization !== 'Bearer robot-1') ok(response);
      else response.writeHead(401).end('{"kind":"Status","message":"Unauthorized"}');
    },
    { authHeaders: async () => ({ authorization: 'Bearer own' }), standIn },
  );
  await assert.rejects(client.stream({ ...get, as: 'robot' }), /Unauthorized/);
  assert.equal(number, 2);
  number = 1;
  await client.send({ ...apply, as: 'robot' });
  await client.send(get);
  assert.deepEqual(
    seen.map(({ headers }) => [headers.authorization, headers['impersonate-user']]),
    [
      ['Bearer robot-1', undefined],
      ['Bearer robot-1', undefined],
      ['Bearer robot-2', undefined],
      ['Bearer own', undefined],
    ],
  );
});

test('a server behind a path, as some platforms have it', async (t) => {
  const { origin, seen } = await startScene(t, (_request, response) => ok(response));
  const client = connect({ server: `${origin}/k8s/c1`, tls: { insecure: false }, authHeaders: async () => ({}) });
  t.after(() => client.close());
  await client.send(get);
  assert.equal(seen[0]?.url, '/k8s/c1/api/v1/namespaces/shop/configmaps/a');
});

test('nobody to impersonate: nothing is sent', async (t) => {
  const { client, seen } = await startScene(t, (_request, response) => ok(response));
  await assert.rejects(client.send({ ...get, as: '' }), RangeError);
  await assert.rejects(client.stream({ ...get, as: '' }), RangeError);
  assert.equal(seen.length, 0);
});

test('a server that is not there', async (t) => {
  const { client, stop } = await startScene(t, () => {});
  await stop();
  await assert.rejects(
    client.send(apply),
    failsWith('Network', /^cannot reach http:\/\/127.0.0.1:\d+: connection refused$/),
  );
  await assert.rejects(client.stream(get), failsWith('Network', /connection refused/));
});

test('a server that hangs', async (t) => {
  const { client } = await startScene(t, () => {});
  await assert.rejects(
    client.send({ ...apply, timeoutMs: 20 }),
    failsWith('Timeout', /^no answer from http:\S+ within 0.02 s$/),
  );
  await assert.rejects(client.stream({ ...get, timeoutMs: 20 }), failsWith('Timeout', /within 0.02 s/));
});

test('a server that hangs in the middle of an answer', async (t) => {
  const { client } = await startScene(t, (_request, response) => response.writeHead(200).write('{"half":'));
  await assert.rejects(client.send({ ...get, timeoutMs: 50 }), failsWith('Timeout', /within 0.05 s/));
});

test('a read that met a connection just closed is asked again, once; a write is not', async (t) => {
  let cuts = 0;
  const { client, seen } = await startScene(t, (request, response) => {
    if (cuts > 0) request.socket.destroy();
    else ok(response);
    cuts -= 1;
  });
  cuts = 1;
  await client.send(get);
  assert.equal(seen.length, 2);
  cuts = 2;
  await assert.rejects(client.send(get), failsWith('Network', /closed before the answer was complete/));
  assert.equal(seen.length, 4);
  cuts = 1;
  await assert.rejects(client.send(apply), failsWith('Network', /closed before the answer was complete/));
  assert.equal(seen.length, 5);
});

test('garbage instead of JSON, and a page instead of a Status', async (t) => {
  const { client } = await startScene(t, ({ method }, response) => {
    response.writeHead(method === 'GET' ? 200 : 502).end('<html>nginx</html>');
  });
  await assert.rejects(client.send(get), failsWith('BadAnswer', /^GET http:\S+\/configmaps\/a: .* not JSON$/));
  await assert.rejects(client.send(apply), (error) => error instanceof KubeError && error.status === 502);
});

test('an answer without end is cut before it fills the memory', async (t) => {
  const forever = function* () {
    const megabyte = Buffer.alloc(2 ** 20, ' ');
    for (;;) yield megabyte;
  };
  const answer: RequestListener = (_request, response) => {
    pipeline(forever, response).catch(() => {}); // the client hangs up
  };
  const { client } = await startScene(t, answer);
  await assert.rejects(client.send(get), /larger than 64 MiB/);
  const untrusted = { maxAnswerBytes: 3 * 2 ** 20, lookup: () => assert.fail('an address needs no name') };
  const ofTenant = await startScene(t, answer, { untrusted });
  await assert.rejects(ofTenant.client.send(get), /larger than 3 MiB/);
});

test('a caller who gives up gets its own reason, whatever the request was doing', async (t) => {
  const caller = new AbortController();
  const { signal } = caller;
  const lease = { signal, throwIfEnded: () => signal.throwIfAborted() };
  const { client, seen } = await startScene(t, () => {});
  const sent = client.send({ ...apply, lease });
  const streaming = client.stream({ ...get, signal });
  const waiting = Array.from({ length: 40 }, () => client.send({ ...apply, lease }));
  while (seen.length < 2) await new Promise(setImmediate);
  caller.abort(new Error('lease lost'));
  for (const request of [sent, streaming, ...waiting]) await assert.rejects(request, /lease lost/);
  const before = seen.length;
  await assert.rejects(client.send({ ...apply, lease }), /lease lost/);
  assert.equal(seen.length, before);
  assert.deepEqual([client.stats().inFlight, client.stats().waiting, client.stats().answering], [0, 0, true]);
});

test('a write whose lease has ended while it waited is not sent, though no timer has told', async (t) => {
  let ended = false;
  const lost = new LeaseLost('frozen for too long');
  const lease = {
    signal: new AbortController().signal,
    throwIfEnded() {
      if (ended) throw lost;
    },
  };
  const frozen = async () => {
    ended = true;
    return {};
  };
  const { client, seen } = await startScene(t, (_request, response) => ok(response), { authHeaders: frozen });
  await assert.rejects(client.send({ ...apply, lease }), lost);
  await assert.rejects(client.send({ ...apply, lease }), lost);
  assert.equal(seen.length, 0);
  ended = false;
  for (let i = 0; i < 10; i += 1) await assert.rejects(client.send({ ...apply, lease }), lost);
  assert.equal(client.stats().answering, true, 'it says nothing about the cluster');
});

test('a process that was frozen until its deadline had passed sends nothing', async (t) => {
  const clock = new ManualClock();
  const frozen = async () => {
    await clock.advance(30_000);
    return {};
  };
  const { client, seen } = await startScene(t, (_request, response) => ok(response), { clock, authHeaders: frozen });
  await assert.rejects(client.send(apply), failsWith('Timeout', /within 30 s/));
  assert.equal(seen.length, 0);
});

test('credentials that cannot be had, or never come', async (t) => {
  let credentials: () => Promise<Record<string, string>> = () => Promise.reject(new Error('please log in'));
  const { client } = await startScene(t, (_request, response) => ok(response), { authHeaders: () => credentials() });
  await assert.rejects(client.send(get), failsWith('Credentials', /^no credentials for http:\S+: please log in$/));
  credentials = () => new Promise(() => {});
  await assert.rejects(client.send({ ...get, timeoutMs: 20 }), failsWith('Timeout', /within/));
});

test('a cluster that stops answering fails at once, is probed, and comes back', async (t) => {
  const clock = new ManualClock();
  let hangs = true;
  const { client, seen } = await startScene(
    t,
    (_request, response) => {
      if (!hangs) ok(response);
    },
    { clock },
  );
  for (let i = 0; i < 5; i += 1)
    await assert.rejects(client.send({ ...apply, timeoutMs: 5 }), failsWith('Timeout', /./));
  const reached = seen.length;
  await assert.rejects(client.send(apply), failsWith('Unavailable', /has stopped answering$/));
  await assert.rejects(client.stream(get), failsWith('Unavailable', /has stopped answering$/));
  assert.equal(seen.length, reached);
  assert.equal(client.stats().answering, false);

  hangs = false;
  await clock.advance(1_000);
  await client.send(apply);
  assert.equal(client.stats().answering, true);
});

test('an error is an answer: a server that fails inside does not trip the breaker', async (t) => {
  const { client } = await startScene(t, (_request, response) => response.writeHead(500).end());
  for (let i = 0; i < 10; i += 1) await assert.rejects(client.send(apply), /HTTP 500/);
  assert.equal(client.stats().answering, true);
});

test('what cannot be sent is our mistake and tells nothing about the cluster', async (t) => {
  const { client, seen } = await startScene(t, (_request, response) => ok(response));
  for (let i = 0; i < 6; i += 1) await assert.rejects(client.send({ ...get, as: 'two\r\nlines' }), /invalid/);
  assert.equal(client.stats().answering, true);
  assert.equal(seen.length, 0);
});

test('a server that says "too many" gets fewer at once', async (t) => {
  const { client } = await startScene(t, (_request, response) => {
    response.writeHead(429, { 'retry-after': '1' }).end(JSON.stringify({ kind: 'Status', reason: 'TooManyRequests' }));
  });
  const before = client.stats().limit;
  const error = await client.send(apply).catch((refused: KubeError) => refused);
  assert.ok(error instanceof KubeError);
  assert.deepEqual([error.status, error.retryAfterMs], [429, 1_000]);
  assert.equal(client.stats().limit, before / 2);
});

test('each request is counted once, by verb and code', async (t) => {
  const counted: ObservedRequest[] = [];
  const { client } = await startScene(
    t,
    ({ method, socket }, response) => {
      if (method === 'DELETE') socket.destroy();
      else if (method === 'PATCH') response.writeHead(409).end();
      else ok(response);
    },
    { observe: (seen) => counted.push(seen) },
  );
  await client.send(get);
  await client.send(apply).catch(() => {});
  await client.send({ method: 'DELETE', path: get.path, lease: unleased }).catch(() => {});
  for await (const _chunk of await client.stream({ ...get, query: { watch: 'true' } }));
  assert.deepEqual(
    counted.map(({ method, verb, code }) => [method, verb, code]),
    [
      ['GET', 'get', 200],
      ['PATCH', 'apply', 409],
      ['DELETE', 'delete', 0],
      ['GET', 'watch', 200],
    ],
  );
  assert.match(counted[0]?.host ?? '', /^127\.0\.0\.1:\d+$/);
});

test('a stream brings what is sent as it is sent, and says how it ended', async (t) => {
  const { client } = await startScene(t, ({ url }, response) => {
    response.writeHead(200).write('one');
    if (url?.endsWith('ends')) response.end('two');
    else setImmediate(() => response.destroy());
  });
  const chunks: string[] = [];
  for await (const chunk of await client.stream({ ...get, path: '/api/ends' }))
    chunks.push(Buffer.from(chunk).toString());
  assert.equal(chunks.join(''), 'onetwo');

  const cut = await client.stream({ ...get, path: '/api/breaks' });
  await assert.rejects(Array.fromAsync(cut), failsWith('Network', /closed before the answer was complete/));
});

test('a stream that is refused says why', async (t) => {
  const { client } = await startScene(t, (_request, response) => {
    response.writeHead(403).end(JSON.stringify({ kind: 'Status', reason: 'Forbidden', message: 'not you' }));
  });
  await assert.rejects(client.stream(get), (error) => error instanceof KubeError && error.message === 'not you');
});

test('a stream outlives the deadline of its headers, and ends when its reader gives up, read or not', async (t) => {
  let open = 0;
  const { client } = await startScene(t, (_request, response) => {
    open += 1;
    response.on('close', () => {
      open -= 1;
    });
    response.writeHead(200).write('one');
  });
  const reader = new AbortController();
  const read = await client.stream({ ...get, signal: reader.signal, timeoutMs: 1_000 });
  const unread = await client.stream({ ...get, signal: reader.signal, timeoutMs: 1_000 });
  const reading = Array.fromAsync(read);
  reader.abort(new Error('no longer needed'));
  await assert.rejects(reading, /no longer needed/);
  await assert.rejects(Array.fromAsync(unread), /no longer needed/);
  while (open > 0) await new Promise(setImmediate);
});
