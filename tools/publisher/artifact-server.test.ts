import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Fault, startArtifactServer } from './artifact-server.ts';

const content = Buffer.from('0123456789');

test('what was put is served, what was not is not', async () => {
  await using server = await startArtifactServer();
  server.put('/a.tar.gz', content);
  assert.equal(await (await fetch(`${server.url}/a.tar.gz`)).text(), '0123456789');
  assert.equal((await fetch(`${server.url}/b.tar.gz`)).status, 404);
  server.remove('/a.tar.gz');
  assert.equal((await fetch(`${server.url}/a.tar.gz`)).status, 404);
  assert.deepEqual(server.requests, ['/a.tar.gz', '/b.tar.gz', '/a.tar.gz']);
});

test('a fault meets as many requests as it was told to', async () => {
  await using server = await startArtifactServer();
  server.put('/a.tar.gz', content);
  server.misbehave('/a.tar.gz', { fault: { is: 'status', status: 503, retryAfterSeconds: 7 }, times: 1 });
  const first = await fetch(`${server.url}/a.tar.gz`);
  assert.deepEqual([first.status, first.headers.get('retry-after')], [503, '7']);
  assert.equal((await fetch(`${server.url}/a.tar.gz`)).status, 200);
});

test('a redirect names its target', async () => {
  await using server = await serverWith({ is: 'redirect', to: 'http://other.test/a' });
  const answer = await fetch(`${server.url}/a.tar.gz`, { redirect: 'manual' });
  assert.deepEqual([answer.status, answer.headers.get('location')], [302, 'http://other.test/a']);
});

test('a truncated body announces all of it and breaks off', async () => {
  await using server = await serverWith({ is: 'truncated', afterBytes: 4 });
  const answer = await fetch(`${server.url}/a.tar.gz`);
  assert.equal(answer.headers.get('content-length'), '10');
  await assert.rejects(answer.arrayBuffer());
});

test('other content comes in place of the right one', async () => {
  await using server = await serverWith({ is: 'otherContent', content: Buffer.from('lies') });
  assert.equal(await (await fetch(`${server.url}/a.tar.gz`)).text(), 'lies');
});

test('a slow body comes whole in the end', async () => {
  await using server = await serverWith({ is: 'slow', bytesPerSecond: 50 });
  assert.equal(await (await fetch(`${server.url}/a.tar.gz`)).text(), '0123456789');
});

test('a hanging body stops after its bytes, and closing the server ends it', async () => {
  const server = await serverWith({ is: 'hang', afterBytes: 3 });
  const { body } = await fetch(`${server.url}/a.tar.gz`);
  const reader = body!.getReader();
  assert.equal(Buffer.from((await reader.read()).value!).toString(), '012');
  const more = assert.rejects(reader.read());
  await server.close();
  await more;
});

test('a server that hangs from the start sends no headers', async () => {
  const server = await serverWith({ is: 'hang' });
  const answer = assert.rejects(fetch(`${server.url}/a.tar.gz`));
  while (server.requests.length === 0) await new Promise(setImmediate);
  await server.close();
  await answer;
});

async function serverWith(fault: Fault) {
  const server = await startArtifactServer();
  server.put('/a.tar.gz', content);
  server.misbehave('/a.tar.gz', { fault });
  return server;
}
