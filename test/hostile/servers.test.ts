import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { text } from 'node:stream/consumers';
import { after, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { answering } from '../../src/main/servers/answer.ts';
import { openServer } from '../../src/main/servers/open-server.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { layoutIn } from '../../tools/control-plane/layout.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { startScene } from '../harness/scene.ts';
import { openRaw, type RawConnection, say, statusesIn } from '../support/raw-connection.ts';

/** Of each server a GET with a quick answer. */
const goodPaths = { metrics: '/metrics', probes: '/readyz', gate: '/gate/a/b/c', MCP: '/mcp' } as const;
const goodStatus = { metrics: 200, probes: 200, gate: 403, MCP: 405 } as const;
type Server = keyof typeof goodPaths;
const servers = Object.keys(goodPaths) as readonly Server[];
/** Those that take no bodies. */
const readOnly = servers.filter((server) => server !== 'MCP');

/** As it begins, at least. */
const clientHello = Buffer.concat([Buffer.from('160301020001000001fc0303', 'hex'), randomBytes(504)]);

/** What is said at once, and the status codes that come back before the server hangs up. */
const nonsense: readonly (readonly [what: string, said: string | Uint8Array, answers: readonly number[]])[] = [
  ['a malformed request line', 'HELLO\r\n\r\n', [400]],
  ['a version of the future', 'GET / HTTP/9.9\r\n\r\n', [400]],
  ['a method that there is not', 'FETCH / HTTP/1.1\r\nhost: x\r\n\r\n', [400]],
  ['a header without a name', 'GET / HTTP/1.1\r\n: x\r\n\r\n', [400]],
  ['a NUL in a header', 'GET / HTTP/1.1\r\nhost: a\0b\r\n\r\n', [400]],
  ['no host', 'GET / HTTP/1.1\r\n\r\n', [400]],
  ['two lengths', 'GET / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab', [400]],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    [400],
  ],
  ['an expectation of more than 100', 'GET / HTTP/1.1\r\nhost: x\r\nexpect: cake\r\nconnection: close\r\n\r\n', [417]],
  ['an oversized header', `GET / HTTP/1.1\r\nhost: x\r\nx: ${'x'.repeat(10_000)}\r\n\r\n`, [431]],
  ['an oversized path', `GET /${'x'.repeat(10_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, [431]],
  ['oversized headers in small parts', `GET / HTTP/1.1\r\nhost: x\r\n${'a: b\r\n'.repeat(3_000)}\r\n`, [431]],
  ['a proxy’s CONNECT', 'CONNECT 169.254.169.254:80 HTTP/1.1\r\nhost: x\r\n\r\n', []],
  ['TLS', clientHello, [400]],
  ['random bytes', Buffer.concat([Buffer.from([0xff]), randomBytes(10_000)]), [400]],
];

test('nonsense gets a clear answer', async (t) => {
  const controller = await startedController(t);
  for (const server of servers) {
    const port = portOf(controller, server);
    for (const [what, said, answers] of nonsense) {
      assert.deepEqual(statusesIn(await say(port, said)), answers, `${server}: ${what}`);
    }
  }
  await assertUnharmed(controller);
});

test('what is no question is refused, and its body is not waited for', async (t) => {
  const controller = await startedController(t);
  for (const server of readOnly) {
    const [port, path] = [portOf(controller, server), goodPaths[server]];
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE']) {
      const heard = await say(port, `${method} ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`);
      assert.deepEqual(statusesIn(heard), [405], `${server}: ${method}`);
      assert.match(heard, /^allow: GET, HEAD\r$/m);
    }
    const flood = await openRaw(port);
    flood.socket.write(`POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000000\r\n\r\n`);
    const megabyte = Buffer.alloc(2 ** 20);
    let sent = 0;
    while (!flood.socket.destroyed && sent < 200) {
      flood.socket.write(megabyte);
      sent += 1;
      await delay(1);
    }
    assert.deepEqual(statusesIn(await flood.ended), [405], `${server}: told so, whatever it still sends`);
    assert.ok(sent < 200, 'and hung up on');
  }
  await assertUnharmed(controller);
});

test('a good request is answered, whatever comes behind it', async (t) => {
  const controller = await startedController(t);
  for (const server of servers) {
    const [port, status] = [portOf(controller, server), goodStatus[server]];
    const good = `GET ${goodPaths[server]} HTTP/1.1\r\nhost: x\r\n\r\n`;

    const halfClosed = await openRaw(port);
    halfClosed.socket.end(good);
    assert.deepEqual(statusesIn(await halfClosed.ended), [status], `${server}: half-closed`);

    const pipelined = await openRaw(port);
    pipelined.socket.write(good.repeat(3));
    await eventually(() => assert.deepEqual(statusesIn(pipelined.heard), [status, status, status]));
    pipelined.socket.write('garbage\r\n\r\n');
    assert.deepEqual(statusesIn(await pipelined.ended), [status, status, status, 400], `${server}: pipelined`);

    const cut = await openRaw(port);
    cut.socket.end('GET / HTTP/1.1\r\nho');
    assert.deepEqual(statusesIn(await cut.ended), [400], `${server}: cut in a header`);

    const gone = await openRaw(port);
    gone.socket.write(good.repeat(50));
    gone.socket.resetAndDestroy();
  }
  await assertUnharmed(controller);
});

test('who is slow is cut off', async (t) => {
  const controller = await startedController(t);
  await Promise.all(
    servers.map(async (server) => {
      const port = portOf(controller, server);
      const [silent, header, body] = await Promise.all([
        openRaw(port),
        drip(port, 'GET / HTTP/1.1\r\nhost: x\r\nx: '),
        drip(port, `POST ${goodPaths[server]} HTTP/1.1\r\n${asAgentsDo}content-length: 1000\r\n\r\n`),
      ]);
      const startedMs = performance.now();
      assert.deepEqual(statusesIn(await silent.ended), [408], `${server}: nothing said`);
      assert.deepEqual(statusesIn(await header.ended), [408], `${server}: a header byte by byte`);
      assert.ok(performance.now() - startedMs < 8_000);
      assert.deepEqual(statusesIn(await body.ended), [server === 'MCP' ? 408 : 405], `${server}: a body byte by byte`);
      assert.ok(performance.now() - startedMs < 13_000);
    }),
  );
  await assertUnharmed(controller);
});

test('a server that speaks TLS bears what does not', async (t) => {
  const { serverCertificate } = layoutIn((await startScene(t)).plane.dir);
  const certificate = {
    cert: await readFile(serverCertificate),
    key: await readFile(serverCertificate.replace(/crt$/, 'key')),
  };
  const service = { what: 'test', flag: '--test', address: '127.0.0.1:0', certificate };
  const answer = answering({ methods: ['GET'], failed: assert.ifError }, () => ({ status: 200, body: 'ok\n' }));
  const server = await openServer(service, answer, systemClock);
  t.after(() => server.close());
  const ask = async () => {
    const [response] = (await once(
      get({ host: '127.0.0.1', port: server.port, ca: certificate.cert, agent: false }),
      'response',
    )) as [IncomingMessage];
    return `${response.statusCode} ${await text(response)}`;
  };

  const silent = await openRaw(server.port);
  for (const said of ['GET / HTTP/1.1\r\nhost: x\r\n\r\n', randomBytes(10_000), clientHello]) {
    const garbled = await openRaw(server.port);
    garbled.socket.end(said);
    assert.doesNotMatch(await garbled.ended, /HTTP/);
  }
  const idlers: RawConnection[] = [];
  t.after(() => idlers.map(({ socket }) => socket.destroy()));
  for (let i = 0; i < 1_500; i += 1) idlers.push(await openRaw(server.port));
  const startedMs = performance.now();
  assert.equal(await ask(), '200 ok\n');
  assert.ok(performance.now() - startedMs < 1_000);
  assert.equal(await silent.ended, '', 'no handshake within five seconds, or one of too many');
});

test('thousands of idle connections keep nobody out', async (t) => {
  const controller = await startedController(t);
  const fdsBefore = await openFds(controller);
  const idlers: RawConnection[] = [];
  t.after(() => idlers.map(({ socket }) => socket.destroy()));
  for (const server of servers) {
    const port = portOf(controller, server);
    for (let i = 0; i < 1_000; i += 1) {
      const idler = await openRaw(port);
      // Some have been served before, some are half way through a request.
      if (i % 3 === 1) idler.socket.write(`GET ${goodPaths.probes} HTTP/1.1\r\nhost: x\r\n\r\n`);
      if (i % 3 === 2) idler.socket.write('GET / HTTP/1.1\r\nx:');
      idlers.push(idler);
    }
    await assertServesQuickly(controller, server);
    for (let i = 0; i < 1_500; i += 1) idlers.push(await openRaw(port));
    await assertServesQuickly(controller, server);
  }
  for (const { socket } of idlers) socket.destroy();
  await eventually(async () => assert.ok((await openFds(controller)) < fdsBefore + 20, 'none leaks'));
  await assertUnharmed(controller);
});

let started: Promise<ControllerProcess> | undefined;
after(async () => (await started)?.kill());

async function startedController(t: TestContext): Promise<ControllerProcess> {
  const { controllerKubeconfig } = await startScene(t);
  started ??= startController(controllerKubeconfig, ['--mcp-bind-address=127.0.0.1:0']);
  return await started;
}

function portOf(controller: ControllerProcess, server: Server): number {
  return Number(new URL(controller.originOf(server)).port);
}

const asAgentsDo =
  'host: localhost\r\ncontent-type: application/json\r\naccept: application/json, text/event-stream\r\n';

/** A byte each half second. */
async function drip(port: number, beginning: string): Promise<RawConnection> {
  const connection = await openRaw(port);
  connection.socket.write(beginning);
  const timer = setInterval(() => connection.socket.write('x'), 500);
  connection.ended.then(() => clearInterval(timer));
  return connection;
}

async function assertServesQuickly(controller: ControllerProcess, server: Server): Promise<void> {
  const startedMs = performance.now();
  const heard = await say(
    portOf(controller, server),
    `GET ${goodPaths[server]} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n`,
  );
  assert.deepEqual(statusesIn(heard), [goodStatus[server]]);
  assert.ok(performance.now() - startedMs < 1_000, `${server} took ${performance.now() - startedMs} ms`);
}

async function openFds(controller: ControllerProcess): Promise<number> {
  return Number(/^process_open_fds (\d+)/m.exec(await controller.metrics())?.[1]);
}

async function assertUnharmed(controller: ControllerProcess): Promise<void> {
  for (const server of servers) await assertServesQuickly(controller, server);
  assert.equal(controller.errors, '');
  assert.doesNotMatch(controller.log, /"msg":"request failed"|"msg":"cannot go on"/);
}
