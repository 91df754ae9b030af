import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { Registry } from 'prom-client';
import { parseFlags } from '../../src/main/flags/parse.ts';
import { flags } from '../../src/main/flags/table.ts';
import { createLog } from '../../src/main/log/log.ts';
import { answering, type Handler } from '../../src/main/servers/answer.ts';
import { type OpenServer, openServer } from '../../src/main/servers/open-server.ts';
import { readBody } from '../../src/main/servers/read-body.ts';
import { Readiness } from '../../src/main/servers/readiness.ts';
import { serve } from '../../src/main/servers/serve.ts';
import type { Clock } from '../../src/shared/time/clock.ts';
import { ManualClock } from '../../src/shared/time/manual-clock.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import { startScene } from '../harness/scene.ts';
import { openRaw, type RawConnection, say, statusesIn } from '../support/raw-connection.ts';

test('a server that closes takes nobody new, and finishes what it has begun to answer', async (t) => {
  const clock = new ManualClock();
  const answer = Promise.withResolvers<void>();
  let asked = 0;
  const server = await open(t, clock, async () => {
    asked += 1;
    await answer.promise;
    return { status: 200, body: 'x'.repeat(1_000_000) };
  });
  const agent = new Agent({ keepAlive: true });
  t.after(() => agent.destroy());
  const answered = once(get({ port: server.port, host: '127.0.0.1', agent }), 'response');
  const silent = await openRaw(server.port);
  await eventually(() => assert.equal(asked, 1));

  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  await silent.ended; // it had not asked for anything
  await assert.rejects(openRaw(server.port), { code: 'ECONNREFUSED' });
  assert.equal(closed, false);

  answer.resolve();
  const [response] = (await answered) as [IncomingMessage];
  assert.deepEqual([response.statusCode, response.headers.connection], [200, 'close']);
  assert.equal((await text(response)).length, 1_000_000);
  await closing;
  assert.equal(clock.sleeping, 0, 'and no timer is left');
});

test('who has been answered before a server closes is hung up on', async (t) => {
  const server = await open(t, new ManualClock(), () => ({ status: 200, body: 'ok\n' }));
  const connection = await openRaw(server.port);
  connection.socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(() => assert.deepEqual(statusesIn(connection.heard), [200]));
  await server.close();
  await connection.ended;
});

test('an answer that does not come keeps a server open for three seconds', async (t) => {
  const clock = new ManualClock();
  let asked = 0;
  const server = await open(t, clock, () => {
    asked += 1;
    return new Promise(() => {});
  });
  const waiting = say(server.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await eventually(() => assert.equal(asked, 1));
  let closed = false;
  const closing = server.close().then(() => {
    closed = true;
  });
  await clock.advance(2_999);
  assert.equal(closed, false);
  await clock.advance(1);
  await closing;
  assert.equal(await waiting, '');
});

test('a body is read up to its limit', async (t) => {
  const read: Handler = async (request) => ({ status: 200, body: `${(await readBody(request, 10)).length} bytes` });
  const server = await open(t, new ManualClock(), read, ['POST']);
  const post = (head: string, body: string) =>
    say(server.port, `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n${head}\r\n\r\n${body}`);
  const chunks = (...sizes: readonly number[]) =>
    `${sizes.map((size) => `${size.toString(16)}\r\n${'x'.repeat(size)}\r\n`).join('')}0\r\n\r\n`;

  assert.match(await post('content-length: 10', 'x'.repeat(10)), /^HTTP\/1\.1 200 .*\r\n10 bytes$/s);
  assert.match(await post('transfer-encoding: chunked', chunks(4, 6)), /^HTTP\/1\.1 200 .*\r\n10 bytes$/s);
  assert.match(await post('x: y', ''), /^HTTP\/1\.1 200 .*\r\n0 bytes$/s);
  const tooLarge = /^HTTP\/1\.1 413 .*\r\nthe body is too large: 10 bytes at most\n$/s;
  assert.match(await post('content-length: 11', 'x'.repeat(11)), tooLarge);
  assert.match(await post('transfer-encoding: chunked', chunks(4, 7)), tooLarge);
  const large = await openRaw(server.port);
  large.socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 5000000\r\n\r\n');
  for (let i = 0; i < 5; i += 1) await new Promise((sent) => large.socket.write(Buffer.alloc(1_000_000), sent));
  assert.match(await large.ended, tooLarge);
  assert.equal(large.wasReset, false, 'the answer comes to clients that send all before they listen');

  const cut = await openRaw(server.port);
  cut.socket.end('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nxxx');
  assert.deepEqual(statusesIn(await cut.ended), [400]);
});

test('who asks and does not read is cut off once many do, the first one first', async (t) => {
  const body = 'x'.repeat(20 * 2 ** 20);
  let asked = 0;
  const server = await open(t, new ManualClock(), () => {
    asked += 1;
    return { status: 200, body };
  });
  const silent: RawConnection[] = [];
  for (let i = 1; i <= 4; i += 1) {
    const connection = await openRaw(server.port);
    connection.socket.pause();
    connection.socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
    await eventually(() => assert.equal(asked, i));
    silent.push(connection);
  }
  const heard = silent.map(({ socket, ended }) => {
    socket.resume();
    return ended;
  });
  const whole = (await Promise.all(heard)).map((text) => text.endsWith(body));
  assert.deepEqual(whole, [false, true, true, true]);
});

test('a handler that throws costs its own answer, and tells who asked nothing', async (t) => {
  const failures: unknown[] = [];
  const bug = new Error('the secret of it');
  const fails: Handler = (_request, path) => {
    if (path === '/bad') throw bug;
    return { status: 200, body: 'ok\n' };
  };
  const server = await open(t, new ManualClock(), fails, ['GET'], (error) => failures.push(error));
  const ask = (path: string) => fetch(`http://127.0.0.1:${server.port}${path}`);
  const failed = await ask('/bad?token=x');
  assert.deepEqual([failed.status, await failed.text()], [500, 'failed\n']);
  assert.equal((await ask('/good?token=x')).status, 200);
  assert.deepEqual(failures, [bug]);
});

test('asked to stop, a controller answers who has begun to ask, and ends', async (t) => {
  const scene = await startScene(t);
  const controller = await startController(scene.controllerKubeconfig);
  t.after(() => controller.kill());
  const asking = await beginToAsk(Number(new URL(controller.originOf('gate')).port));
  process.kill(controller.pid, 'SIGTERM');
  await eventually(() => assert.match(controller.log, /"msg":"stopping"/));
  asking.socket.write('host: x\r\n\r\n');
  assert.match(await asking.ended, lastAnswer);
  assert.deepEqual(await controller.exited, { code: 0, signal: null });
});

test('probes say that it stops until all other servers have closed', async (t) => {
  const parsed = parseFlags(
    flags,
    ['metrics', 'health-probe', 'gate'].map((what) => `--${what}-bind-address=127.0.0.1:0`),
  );
  const { settings } = parsed.is === 'run' ? parsed : assert.fail();
  const readiness = new Readiness();
  const clock = new ManualClock();
  let said = '';
  const write = (line: string) => {
    said += line;
  };
  const log = createLog({ level: 'info', encoding: 'json', clock, write });
  const findSet = () => undefined;
  const served = { registry: new Registry(), readiness, findSet, clock, log, mcp: undefined };
  const servers = await serve(settings, served);
  t.after(() => servers.close());
  const portOf = (what: string) => Number(new RegExp(`"serving ${what}".*?"port":(\\d+)`).exec(said)?.[1]);
  const ready = async () => {
    const answer = await fetch(`http://127.0.0.1:${portOf('probes')}/readyz`, { headers: { connection: 'close' } });
    return [answer.status, await answer.text()];
  };
  assert.deepEqual(await ready(), [200, 'ok\n']);
  const asking = await beginToAsk(portOf('gate'));
  t.after(() => asking.socket.destroy());

  readiness.require(() => 'stopping');
  const closing = servers.close();
  for (const what of ['gate', 'metrics']) {
    await eventually(() => assert.rejects(openRaw(portOf(what)), { code: 'ECONNREFUSED' }));
  }
  assert.deepEqual(await ready(), [503, 'not ready: stopping\n']);
  asking.socket.write('host: x\r\n\r\n');
  assert.match(await asking.ended, lastAnswer);
  await closing;
  await assert.rejects(openRaw(portOf('probes')), { code: 'ECONNREFUSED' });
});

const lastAnswer = /\nHTTP\/1\.1 403 .*\r\nconnection: close\r\n.*\r\nnot ready\n$/is;

/** Half of a request that the gate has read: it comes together with a whole one, and that is answered. */
async function beginToAsk(port: number): Promise<RawConnection> {
  const connection = await openRaw(port);
  const line = 'GET /gate/a/b/c HTTP/1.1\r\n';
  connection.socket.write(`${line}host: x\r\n\r\n${line}`);
  await eventually(() => assert.deepEqual(statusesIn(connection.heard), [403]));
  return connection;
}

async function open(
  t: TestContext,
  clock: Clock,
  handler: Handler,
  methods: readonly string[] = ['GET'],
  failed: (error: unknown) => void = assert.ifError,
): Promise<OpenServer> {
  const service = { what: 'test', flag: '--test', address: '127.0.0.1:0' };
  const server = await openServer(service, answering({ methods, failed }, handler), clock);
  t.after(() => server.close());
  return server;
}
