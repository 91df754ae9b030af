import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { describe, type TestContext, test } from 'node:test';
import { ActionClients } from '../../src/main/actions/http/action-clients.ts';
import { httpVerb } from '../../src/main/actions/http/http.ts';
import { bodyLimits } from '../../src/main/actions/http/quote-body.ts';
import { ActionFailed, ActionTimedOut } from '../../src/main/actions/verb.ts';
import { parseAllowedHost } from '../../src/main/outbound/allowed-hosts.ts';
import type { Resolve } from '../../src/main/outbound/guarded-connect.ts';
import { Superseded } from '../../src/main/outcome/outcome.ts';
import type { HttpAction } from '../../src/shared/api/types.ts';
import { httpAttempt } from '../support/action-attempt.ts';
import { startHttpServer } from '../support/http-server.ts';

type Wishes = Parameters<typeof httpAttempt>[1] & {
  readonly allowed?: readonly string[];
  readonly resolve?: Resolve;
  readonly limits?: typeof bodyLimits;
};

/** Runs an http action as a controller with these --allowed-action-hosts would. */
function caller(t: TestContext) {
  return async (http: HttpAction, wishes: Wishes = {}): Promise<void> => {
    const { allowed = ['127.0.0.1', '*'], resolve, limits = bodyLimits, ...rest } = wishes;
    const hosts = allowed.map((entry) => parseAllowedHost(entry) ?? assert.fail(entry));
    const clients = new ActionClients({ allowed: hosts, ...(resolve === undefined ? {} : { resolve }) });
    t.after(() => clients.close());
    await httpVerb(clients, limits)(http, httpAttempt(http, rest));
  };
}

interface Seen {
  readonly method: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Notes what it is sent, and answers after that. */
async function listen(t: TestContext, answer: (response: ServerResponse, request: IncomingMessage) => void) {
  const seen: Seen[] = [];
  const server = await startHttpServer(t, async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    seen.push({ method: request.method, headers: request.headers, body });
    answer(response, request);
  });
  return { ...server, seen };
}

const status =
  (code: number, body = '', headers: Readonly<Record<string, string>> = {}) =>
  (response: ServerResponse): void =>
    void response.writeHead(code, headers).end(body);

function failsWith(promise: Promise<unknown>, message: string | RegExp): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof ActionFailed, String(error));
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

const secrets = {
  gate: { 'X-Token': 's3cret-t0ken', Authorization: 'Bearer b34rer-v4lue\n', 'Content-Type': 'text/csv' },
  body: { body: '{"approve":"p4yl0ad-v4lue"}\n', csv: 'a,b\n' },
};

describe('http actions', { concurrency: 8 }, () => {
  test('what is sent: POST without a body, and a key that only the action changes', async (t) => {
    const call = caller(t);
    const server = await listen(t, status(204));
    const url = `${server.origin}/approve?by=us`;
    for (const wishes of [{}, {}, { key: 'post/call' }, { owner: 'uid-2' }]) await call({ url }, wishes);
    assert.deepEqual(new Set(server.requests), new Set(['/approve?by=us']));
    const [first, ...others] = server.seen.map(({ headers }) => headers['idempotency-key']);
    assert.match(String(first), /^[0-9a-f]{32}$/);
    assert.equal(others[0], first);
    assert.equal(new Set([first, ...others]).size, 3);
    const { method, headers, body } = server.seen[0] ?? assert.fail();
    assert.deepEqual([method, headers['content-length'], headers['content-type'], body], ['POST', '0', undefined, '']);
  });

  test('bodies and headers, inline and from Secrets; a header from a Secret wins', async (t) => {
    const call = caller(t);
    const server = await listen(t, status(200));
    const url = server.origin;
    await call({ url, method: 'PUT', body: '[1]' });
    await call({ url, body: 'plain ü' });
    await call({ url, bodyFrom: { name: 'body', key: 'body' } }, { secrets });
    const headersFrom = [
      { name: 'gate', key: 'X-Token' },
      { name: 'gate', key: 'Authorization' },
      { name: 'gate', key: 'Content-Type' },
      { name: 'own', key: 'Idempotency-Key' },
    ];
    await call(
      { url, bodyFrom: { name: 'body', key: 'csv' }, headersFrom },
      { secrets: { ...secrets, own: { 'Idempotency-Key': 'mine ü' } } },
    );
    const [json, plain, secret, csv] = server.seen;
    assert.deepEqual([json?.method, json?.body, json?.headers['content-type']], ['PUT', '[1]', 'application/json']);
    assert.deepEqual([plain?.body, plain?.headers['content-type']], ['plain ü', 'text/plain; charset=utf-8']);
    assert.equal(secret?.body, '{"approve":"p4yl0ad-v4lue"}\n');
    assert.equal(csv?.headers['x-token'], 's3cret-t0ken');
    assert.equal(csv?.headers.authorization, 'Bearer b34rer-v4lue');
    assert.equal(csv?.headers['content-type'], 'text/csv');
    assert.equal(Buffer.from(String(csv?.headers['idempotency-key']), 'latin1').toString(), 'mine ü');
  });

  for (const method of ['GET', 'HEAD', 'DELETE', 'PATCH', 'OPTIONS'] as const) {
    test(`${method} with a body sends it`, async (t) => {
      const server = await listen(t, status(200));
      await caller(t)({ url: server.origin, method, body: '{"a":1}' });
      assert.deepEqual(
        server.seen.map((seen) => [seen.method, seen.body]),
        [[method, '{"a":1}']],
      );
    });
  }

  test('any 2xx is expected, or just what is listed, a redirect too', async (t) => {
    const call = caller(t);
    for (const code of [200, 204, 299]) await call({ url: (await listen(t, status(code))).origin });
    const { origin } = await listen(t, status(302, '', { location: 'http://169.254.169.254/' }));
    await call({ url: origin, expectedStatus: [200, 302] });
    await failsWith(
      call({ url: (await listen(t, status(204))).origin, expectedStatus: [200, 201] }),
      /^POST \S+ answers 204, not 200 or 201$/,
    );
    await failsWith(
      call({ url: (await listen(t, status(304))).origin, method: 'GET' }),
      /^GET \S+ answers 304, not 2xx$/,
    );
  });

  test('a failure quotes up to 256 characters on one line, and nothing of the path', async (t) => {
    const call = caller(t);
    const long = await listen(t, status(503, `no\u0007 room\r\n${'ü'.repeat(100_000)}`));
    await failsWith(
      call({ url: `${long.origin}/p4th?t0ken` }),
      `POST ${long.origin} answers 503, not 2xx: "no room ${'ü'.repeat(248)}"`,
    );
    const binary = await startHttpServer(
      t,
      (_, response) => void response.writeHead(500).end(Buffer.from([0xff, 0xfe, 0x80])),
    );
    await failsWith(
      call({ url: binary.origin }),
      `POST ${binary.origin} answers 500, not 2xx with a body that is no text`,
    );
  });

  test('no secret is quoted, however the server puts it', async (t) => {
    const server = await listen(t, (response, { headers }) => {
      const { authorization = '' } = headers;
      const said = [authorization, Buffer.from(authorization).toString('base64'), headers['x-token'], 'p4yl0ad-v4lue'];
      response.writeHead(401).end(`denied: ${said.join(' ')}`);
    });
    const headersFrom = [
      { name: 'gate', key: 'Authorization' },
      { name: 'gate', key: 'X-Token' },
    ];
    const failed = caller(t)({ url: server.origin, headersFrom, bodyFrom: { name: 'body', key: 'body' } }, { secrets });
    await failsWith(failed, `POST ${server.origin} answers 401, not 2xx: "denied: *** *** ***== *** ***"`);
  });

  for (const [name, secretsThere, message] of [
    ['Secret', {}, 'Secret shop/gate does not exist'],
    ['entry', { gate: {} }, 'Secret shop/gate has no entry "X-Token"'],
    ['entry by that name alone', { gate: { constructor: '' } }, 'Secret shop/gate has no entry "X-Token"'],
    ['text', { gate: { 'X-Token': '\ufffd\ufffd' } }, 'entry "X-Token" of Secret shop/gate is no text'],
    [
      'line',
      { gate: { 'X-Token': 's3cret\r\nHost: evil' } },
      'entry "X-Token" of Secret shop/gate is no header value: it holds a line break or control character',
    ],
    [
      'line of text',
      { gate: { 'X-Token': 's3cret\u0000' } },
      'entry "X-Token" of Secret shop/gate is no header value: it holds a line break or control character',
    ],
  ] as const) {
    test(`without a ${name} nothing is sent, and it is named`, async (t) => {
      const server = await listen(t, status(200));
      const headersFrom = [{ name: 'gate', key: 'X-Token' }];
      await failsWith(caller(t)({ url: server.origin, headersFrom }, { secrets: secretsThere }), message);
      assert.equal(server.connections(), 0);
    });
  }

  test('a header that frames the message, or names another host, cannot be set', async (t) => {
    const server = await listen(t, status(200));
    for (const key of ['Host', 'Content-Length', 'Transfer-Encoding', 'Connection', 'Upgrade', 'Expect']) {
      const wishes = { secrets: { gate: { [key]: 'x' } } };
      await failsWith(
        caller(t)({ url: server.origin, headersFrom: [{ name: 'gate', key }] }, wishes),
        `the header ${key} cannot be set`,
      );
    }
    assert.equal(server.connections(), 0);
  });

  test('redirects are followed, ten of them; secrets stay with the first origin', async (t) => {
    const call = caller(t);
    const end = await listen(t, status(200));
    const start = await listen(t, (response, request) => {
      const hop = Number(request.url?.slice(1));
      const location = hop === 9 ? `${end.origin}/end` : `/${hop + 1}`;
      response.writeHead(hop === 0 ? 307 : 302, { location }).end();
    });
    const http = { headersFrom: [{ name: 'gate', key: 'X-Token' }], bodyFrom: { name: 'body', key: 'csv' } };
    await call({ url: `${start.origin}/0`, ...http }, { secrets });
    assert.equal(start.seen.length, 10);
    assert.deepEqual(
      start.seen.slice(0, 3).map(({ method, body }) => [method, body]),
      [
        ['POST', 'a,b\n'],
        ['POST', 'a,b\n'],
        ['GET', ''],
      ],
    );
    assert.ok(start.seen.every(({ headers }) => headers['x-token'] === 's3cret-t0ken'));
    const [last] = end.seen;
    assert.deepEqual([last?.method, last?.headers['x-token'], last?.body], ['GET', undefined, '']);

    const round = await listen(t, status(302, '', { location: '/' }));
    await failsWith(call({ url: round.origin }), `GET ${round.origin} redirects more than 10 times`);
    assert.equal(round.seen.length, 11);
    const away = await listen(t, status(307, '', { location: end.origin }));
    await failsWith(
      call({ url: away.origin, ...http }, { secrets }),
      `POST ${away.origin} redirects to another host, which gets no body from a Secret`,
    );
    assert.equal(end.seen.length, 1);
  });

  test('a redirect leads to no host that is not allowed', async (t) => {
    const target = await listen(t, status(200));
    const start = await listen(t, status(302, '', { location: target.origin }));
    const allowed = [`127.0.0.1:${start.port}`];
    await failsWith(
      caller(t)({ url: start.origin }, { allowed }),
      `127.0.0.1:${target.port} is not one of --allowed-action-hosts`,
    );
    assert.equal(target.connections(), 0);
  });

  test('what a server may do wrong is told plainly', async (t) => {
    const call = caller(t);
    const listener = createServer((socket) => void socket.end('220 smtp.example ready\r\n')).listen(0, '127.0.0.1');
    await once(listener, 'listening');
    t.after(() => listener.close());
    const { port } = listener.address() as { port: number };
    await failsWith(call({ url: `http://127.0.0.1:${port}` }), /^cannot reach http:\/\/127\.0\.0\.1:\d+: \S/);
    await failsWith(
      call({ url: `https://127.0.0.1:${port}` }),
      `cannot reach https://127.0.0.1:${port}: it does not speak TLS`,
    );
    await failsWith(call({ url: 'http://127.0.0.1:1' }), 'cannot reach http://127.0.0.1:1: connection refused');
    const nowhere: Resolve = () => Promise.reject(Object.assign(new Error('x'), { code: 'ENOTFOUND' }));
    await failsWith(
      call({ url: 'http://nowhere.example' }, { resolve: nowhere }),
      'cannot reach http://nowhere.example: no such host',
    );
    const reset = await startHttpServer(t, (request) => void request.socket.destroy());
    await failsWith(
      call({ url: reset.origin }),
      `cannot reach ${reset.origin}: the connection was closed before the answer was complete`,
    );
    assert.equal(reset.requests.length, 1, 'it is not for the client to send it twice');
    const huge = await startHttpServer(t, (_, response) => void response.setHeader('x', 'y'.repeat(100_000)).end());
    await failsWith(call({ url: huge.origin }), `cannot reach ${huge.origin}: its headers are too large`);
  });

  test('a body without end is cut off, and a slow one too: the status counts', async (t) => {
    const call = caller(t);
    for (const code of [200, 500]) {
      const closed = Promise.withResolvers<void>();
      const endless = await startHttpServer(t, (_, response) => {
        response.writeHead(code);
        const pour = () => {
          while (!response.destroyed && response.write('and so on '.repeat(1_000)));
        };
        response.on('drain', pour).on('close', closed.resolve);
        pour();
      });
      const poured = call({ url: endless.origin });
      await (code === 200 ? poured : failsWith(poured, /answers 500, not 2xx: "and so on/));
      await closed.promise;
      const slow = await startHttpServer(t, (_, response) => void response.writeHead(code).write('half'));
      const half = call({ url: slow.origin }, { limits: { ...bodyLimits, patienceMs: 20 } });
      await (code === 200 ? half : failsWith(half, /answers 500, not 2xx: "half"$/));
    }
  });

  test('a server that never answers holds no slot, and an end by timeout is at once', async (t) => {
    const silent = await startHttpServer(t, () => {});
    const parked: string[] = [];
    const stop = new AbortController();
    const park = <T>(waitingFor: string, wait: () => Promise<T>) => {
      parked.push(waitingFor);
      return wait();
    };
    setTimeout(() => stop.abort(new ActionTimedOut('1s')), 20);
    await assert.rejects(caller(t)({ url: silent.origin }, { park, signal: stop.signal }), ActionTimedOut);
    assert.deepEqual(parked, ['http action']);
  });

  test('superseded: before it is sent it ends at once, after that it is let finish, up to its timeout', async (t) => {
    const call = caller(t);
    const superseded = new Superseded('by a test');

    const connecting = new AbortController();
    const resolve: Resolve = () => {
      setImmediate(() => connecting.abort(superseded));
      return new Promise(() => {});
    };
    await assert.rejects(call({ url: 'http://slow.example' }, { resolve, signal: connecting.signal }), superseded);
    await assert.rejects(call({ url: 'http://slow.example' }, { signal: AbortSignal.abort(superseded) }), superseded);

    for (const code of [200, 500]) {
      const sent = new AbortController();
      const end = await listen(t, status(code));
      const server = await listen(t, (response) => {
        sent.abort(superseded);
        setImmediate(() => response.writeHead(307, { location: end.origin }).end());
      });
      const done = call({ url: server.origin }, { signal: sent.signal });
      await (code === 200 ? done : assert.rejects(done, superseded));
      assert.equal(end.seen.length, 1);
    }

    const never = new AbortController();
    const silent = await listen(t, () => never.abort(superseded));
    await assert.rejects(call({ url: silent.origin }, { signal: never.signal, timeout: '50ms' }), superseded);
  });
});
