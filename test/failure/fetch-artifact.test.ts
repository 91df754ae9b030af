import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:net';
import { type TestContext, test } from 'node:test';
import { OutboundClient } from '../../src/main/outbound/client.ts';
import type { Resolve } from '../../src/main/outbound/guarded-connect.ts';
import { FetchError, fetchArtifact, fetchLimits } from '../../src/main/source/fetch.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { startHttpServer, type TestServer } from '../support/http-server.ts';

const loopback = { allowLoopback: true, allowLinkLocal: false };
const everyName: Resolve = async () => [{ address: '127.0.0.1', family: 4 }];

interface Means {
  readonly sizeBytes?: number;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<typeof fetchLimits>;
  readonly allowLoopback?: boolean;
}

/** Fetches with a clock that notes each wait and does not wait. */
function fetcher(t: TestContext) {
  const waits: number[] = [];
  const clock = { ...systemClock, sleep: async (ms: number) => void waits.push(ms) };
  const fetch = async (url: string, { sizeBytes, signal, limits, allowLoopback = true }: Means = {}) => {
    const client = new OutboundClient({ ...loopback, allowLoopback }, { resolve: everyName });
    t.after(() => client.close());
    return fetchArtifact(
      { url, sizeBytes },
      { client, clock, signal: signal ?? new AbortController().signal, limits: { ...fetchLimits, ...limits } },
    );
  };
  return { fetch, waits };
}

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** One answer after the other, the last one for ever. */
function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (request, response) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(request, response);
  };
}

const content = Buffer.from('the artifact, '.repeat(20_000));
const whole: Answer = (_, response) => void response.setHeader('content-length', content.length).end(content);
const status =
  (code: number): Answer =>
  (_, response) =>
    void response.writeHead(code).end('not the artifact');
const cut: Answer = (_, response) => {
  response.setHeader('content-length', content.length);
  response.write(content.subarray(0, 1_000), () => response.destroy());
};
const cutChunks: Answer = (_, response) => void response.write(content, () => response.destroy());
const reset: Answer = (request) => void request.socket.destroy();
const silent: Answer = () => {};
const silentHalfWay: Answer = (_, response) => void response.write('half');

function rejectsWith(promise: Promise<unknown>, code: FetchError['code'], message: RegExp | string): Promise<void> {
  return assert.rejects(promise, (error) => {
    assert.ok(error instanceof FetchError, String(error));
    assert.equal(error.code, code);
    if (typeof message === 'string') assert.equal(error.message, message);
    else assert.match(error.message, message);
    return true;
  });
}

test('an artifact arrives whole, with and without a declared length', async (t) => {
  const chunked: Answer = (_, response) => {
    response.write(content.subarray(0, 7));
    response.end(content.subarray(7));
  };
  const untilClosed: Answer = (_, response) => {
    response.useChunkedEncodingByDefault = false;
    response.setHeader('connection', 'close').end(content);
  };
  for (const answer of [whole, chunked, untilClosed]) {
    const server = await startHttpServer(t, answer);
    for (const sizeBytes of [undefined, content.length]) {
      const bytes = await fetcher(t).fetch(
        `${server.origin}/a.tar.gz?x=1`,
        sizeBytes === undefined ? {} : { sizeBytes },
      );
      assert.ok(content.equals(Buffer.from(bytes)));
    }
    assert.deepEqual(server.requests, ['/a.tar.gz?x=1', '/a.tar.gz?x=1']);
  }
});

const passing: readonly [name: string, answer: Answer][] = [
  ['429', status(429)],
  ['500', status(500)],
  ['503', status(503)],
  ['a reset connection', reset],
  ['a cut body', cut],
  ['a cut chunked body', cutChunks],
];

for (const [name, answer] of passing) {
  test(`${name} is tried again, with growing pauses`, async (t) => {
    const server = await startHttpServer(t, inTurn(answer, answer, whole));
    const { fetch, waits } = fetcher(t);
    assert.equal((await fetch(`${server.origin}/a`)).byteLength, content.length);
    assert.deepEqual(waits, [1_000, 2_000]);
  });
}

test('after three tries it is over, and soon worth another run', async (t) => {
  for (const [answer, code] of [
    [status(503), 'HttpStatus'],
    [reset, 'Unreachable'],
    [cut, 'Truncated'],
  ] as const) {
    const server = await startHttpServer(t, answer);
    const { fetch, waits } = fetcher(t);
    await assert.rejects(fetch(`${server.origin}/a`), { name: 'FetchError', code, retrySoon: true });
    assert.equal(waits.length, 2);
    assert.equal(server.requests.length, 3);
  }
});

test('an answer that is final is not asked for twice', async (t) => {
  for (const [code, error] of [
    [404, 'NotFound'],
    [403, 'HttpStatus'],
    [401, 'HttpStatus'],
    [204, 'HttpStatus'],
    [206, 'HttpStatus'],
    [304, 'HttpStatus'],
  ] as const) {
    const server = await startHttpServer(t, status(code));
    await assert.rejects(fetcher(t).fetch(`${server.origin}/a`), { code: error, retrySoon: false });
    assert.equal(server.requests.length, 1);
  }
});

test('nobody listening is unreachable', async (t) => {
  const listener = createServer().listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const { port } = listener.address() as { port: number };
  listener.close();
  await once(listener, 'close');
  const { fetch, waits } = fetcher(t);
  const failed = fetch(`http://127.0.0.1:${port}/a`);
  await rejectsWith(failed, 'Unreachable', `cannot reach http://127.0.0.1:${port}/a: connection refused`);
  assert.equal(waits.length, 2);
});

test('a server that speaks no HTTP is unreachable', async (t) => {
  const listener = createServer((socket) => void socket.end('220 smtp.example ready\r\n')).listen(0, '127.0.0.1');
  await once(listener, 'listening');
  t.after(() => listener.close());
  const { port } = listener.address() as { port: number };
  await rejectsWith(fetcher(t).fetch(`http://127.0.0.1:${port}/a`), 'Unreachable', /^cannot reach http:/);
});

test('a body that ends early without saying so shows by the size its source published', async (t) => {
  const short: Answer = (_, response) => void response.end('short');
  const server = await startHttpServer(t, inTurn(short, whole));
  assert.equal(
    (await fetcher(t).fetch(`${server.origin}/a`, { sizeBytes: content.length })).byteLength,
    content.length,
  );

  const always = await startHttpServer(t, short);
  const message = `${always.origin}/a: 5 bytes instead of the 6 that its source published`;
  await rejectsWith(fetcher(t).fetch(`${always.origin}/a`, { sizeBytes: 6 }), 'Truncated', message);
});

test('too large: by its published size, its declared length, or on the way', async (t) => {
  const limits = { maxBytes: 2 ** 20 };
  const server = await startHttpServer(t, whole);
  await rejectsWith(
    fetcher(t).fetch(`${server.origin}/a`, { limits, sizeBytes: 2 ** 20 + 1 }),
    'TooLarge',
    /limit of 1 MiB$/,
  );
  assert.equal(server.requests.length, 0);

  const declared = await startHttpServer(t, (_, response) => {
    response.setHeader('content-length', 2 ** 20 + 1).write('first bytes');
  });
  await rejectsWith(fetcher(t).fetch(`${declared.origin}/a`, { limits }), 'TooLarge', /limit of 1 MiB$/);

  const closed = Promise.withResolvers<void>();
  const endless = await startHttpServer(t, (_, response) => {
    const pour = () => {
      while (!response.destroyed && response.write(content));
    };
    response.on('drain', pour).on('close', closed.resolve);
    pour();
  });
  await rejectsWith(fetcher(t).fetch(`${endless.origin}/a`, { limits }), 'TooLarge', /limit of 1 MiB$/);
  await closed.promise;
  assert.equal(endless.requests.length, 1);
});

test('exactly the limit is let through', async (t) => {
  const server = await startHttpServer(t, whole);
  const bytes = await fetcher(t).fetch(`${server.origin}/a`, { limits: { maxBytes: content.length } });
  assert.equal(bytes.byteLength, content.length);
});

test('a silent server is given up, before its answer and in the middle of it', async (t) => {
  for (const answer of [silent, silentHalfWay]) {
    const server = await startHttpServer(t, answer);
    const failed = fetcher(t).fetch(`${server.origin}/a`, { limits: { silenceMs: 30, tries: 1 } });
    await rejectsWith(failed, 'Unreachable', /the server was silent for 0\.03 s$/);
  }
});

test('a server that drips for ever meets the deadline', async (t) => {
  const server = await startHttpServer(t, (_, response) => {
    const drip = setInterval(() => response.write('.'), 5);
    response.on('close', () => clearInterval(drip));
  });
  const failed = fetcher(t).fetch(`${server.origin}/a`, { limits: { silenceMs: 1_000, totalMs: 1_000 } });
  await rejectsWith(failed, 'Unreachable', `${server.origin}/a: not done within 1 s`);
  assert.equal(server.requests.length, 1);
});

test('an abort ends it at once with its reason, wherever it is', async (t) => {
  const reason = new Error('superseded');
  for (const answer of [silent, silentHalfWay]) {
    const stop = new AbortController();
    const server = await startHttpServer(t, (request, response) => {
      answer(request, response);
      setImmediate(() => stop.abort(reason));
    });
    await assert.rejects(fetcher(t).fetch(`${server.origin}/a`, { signal: stop.signal }), reason);
    assert.equal(server.requests.length, 1);
  }
  await assert.rejects(fetcher(t).fetch('http://a.example/', { signal: AbortSignal.abort(reason) }), reason);
});

test('an abort ends the pause before the next try', async (t) => {
  const server = await startHttpServer(t, status(503));
  const client = new OutboundClient(loopback);
  t.after(() => client.close());
  const reason = new Error('superseded');
  const stop = new AbortController();
  const clock = {
    ...systemClock,
    sleep: (ms: number, signal?: AbortSignal) => {
      setImmediate(() => stop.abort(reason));
      return systemClock.sleep(ms * 1_000, signal);
    },
  };
  const failed = fetchArtifact({ url: server.origin, sizeBytes: undefined }, { client, clock, signal: stop.signal });
  await assert.rejects(failed, (error) => error === reason);
  assert.equal(server.requests.length, 1);
});

/** Answers `/0` with a redirect to `/1`, and so on; `/<hops>` is the artifact. */
function hops(count: number, target = (path: string) => path): Answer {
  return (request, response) => {
    const hop = Number(request.url?.slice(1));
    if (hop === count) return whole(request, response);
    response.writeHead([301, 302, 303, 307, 308][hop % 5] ?? 302, { location: target(`/${hop + 1}`) }).end();
  };
}

test('three redirects on the same host are followed, a fourth is not', async (t) => {
  const three = await startHttpServer(t, hops(3));
  assert.equal((await fetcher(t).fetch(`${three.origin}/0`)).byteLength, content.length);
  const four = await startHttpServer(t, hops(4));
  await rejectsWith(fetcher(t).fetch(`${four.origin}/0`), 'Refused', `${four.origin}/3: redirects more than 3 times`);
  assert.deepEqual(four.requests, ['/0', '/1', '/2', '/3']);
});

test('a redirect leads to no other host, no other scheme and no refused address', async (t) => {
  const redirectTo = async (location: string): Promise<TestServer> =>
    startHttpServer(t, (_, response) => void response.writeHead(302, { location }).end());
  for (const [location, message] of [
    ['http://other.example/a', /: redirects to another host, other\.example$/],
    ['http://169.254.169.254/latest', /: redirects to another host, 169\.254\.169\.254$/],
    ['//[::1]/a', /: redirects to another host, \[::1\]$/],
    ['ftp://127.0.0.1/a', /: redirects to no http or https URL$/],
    ['file:///etc/passwd', /: redirects to no http or https URL$/],
    ['http://', /: redirects to no http or https URL$/],
  ] as const) {
    const server = await redirectTo(location);
    await rejectsWith(fetcher(t).fetch(`${server.origin}/a`), 'Refused', message);
    assert.equal(server.requests.length, 1);
  }
});

test('the same host on another port is followed; a redirect to nowhere is only a status', async (t) => {
  const target = await startHttpServer(t, whole);
  const source = await startHttpServer(t, (_, response) => {
    response.writeHead(302, { location: `${target.origin}/a` }).end();
  });
  assert.equal((await fetcher(t).fetch(`${source.origin}/a`)).byteLength, content.length);
  const nowhere = await startHttpServer(t, status(302));
  await rejectsWith(fetcher(t).fetch(`${nowhere.origin}/a`), 'HttpStatus', `${nowhere.origin}/a: HTTP 302`);
});

test('what the guard refuses is not tried again', async (t) => {
  const server = await startHttpServer(t, whole);
  const { fetch, waits } = fetcher(t);
  await rejectsWith(
    fetch(`${server.origin}/a`, { allowLoopback: false }),
    'Refused',
    `${server.origin}/a: 127.0.0.1 is not allowed: it is a loopback address`,
  );
  await rejectsWith(
    fetch('http://inside.example/a', { allowLoopback: false }),
    'Refused',
    /^http:\/\/inside\.example\/a: /,
  );
  assert.deepEqual([waits, server.connections()], [[], 0]);
});

test('what is no http URL is refused without being quoted', async (t) => {
  for (const url of [
    '',
    'a.tar.gz',
    '/a.tar.gz',
    'ftp://user:secret@host/a',
    'file:///etc/passwd',
    'http://',
    'http://a b/',
  ]) {
    const message = 'the URL of the artifact is not an http or https URL';
    await rejectsWith(fetcher(t).fetch(url), 'BadUrl', message);
  }
});

test('no message holds what may be a secret in the URL', async (t) => {
  const answers = [status(404), status(403), status(503), cut, reset, hops(9, (path) => `${path}?token=secret`)];
  for (const answer of answers) {
    const { port } = await startHttpServer(t, answer);
    const url = `http://secret:secret@127.0.0.1:${port}/0?token=secret#secret`;
    await assert.rejects(fetcher(t).fetch(url), (error: Error) => {
      assert.match(error.message, new RegExp(`http://127\\.0\\.0\\.1:${port}/`));
      assert.doesNotMatch(error.message, /secret/);
      return true;
    });
  }
});
