import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createConnection } from 'node:net';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { startControlPlane } from '../../tools/control-plane/control-plane.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { ApiError } from '../../tools/control-plane/kube-api.ts';
import { isAlive, untilGone } from '../../tools/control-plane/liveness.ts';

test('nothing of a control plane survives a kill -9 of the process that started it', async () => {
  const owner = spawn(process.execPath, ['--input-type=module', '--eval', ownAControlPlane], {
    cwd: import.meta.dirname,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(createInterface(owner.stdout), 'line')) as [string];
  const { dir, pids, url } = JSON.parse(line) as { dir: string; pids: number[]; url: string };
  assert.equal(pids.length, 6);
  assert.ok(pids.every(isAlive) && existsSync(dir));
  owner.kill('SIGKILL');
  await untilGone(pids, 10_000);
  assert.equal(existsSync(dir), false);
  await assert.rejects(connectionTo(url), /ECONNREFUSED/);
});

test('parts can be killed, started again and paused', async () => {
  await using plane = await startControlPlane();
  const { 'kube-apiserver': apiServer, etcd } = plane.components;
  await plane.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kept' } });
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: 'kept' };

  await apiServer.kill();
  await assert.rejects(plane.api.get(namespace), /ECONN|socket|closed/);
  await apiServer.start();
  await plane.ready();
  assert.equal((await plane.api.get(namespace)).metadata.name, 'kept');

  etcd.pause();
  const unheard = { apiVersion: 'v1', kind: 'Namespace', metadata: { generateName: 'unheard-' } };
  const write = () => plane.api.send('POST', '/api/v1/namespaces', { query: { timeout: '1s' }, body: unheard });
  // The guard passes the signal on: the first write may still get through.
  await eventually(() => assert.rejects(write(), ApiError));
  etcd.resume();
  await eventually(() => plane.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'heard' } }));
});

const ownAControlPlane = `
  import { startControlPlane } from '../../tools/control-plane/control-plane.ts';
  const { dir, pids, server } = await startControlPlane();
  console.log(JSON.stringify({ dir, pids, url: server.url }));
`;

async function connectionTo(url: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = createConnection(Number(port), hostname);
  await once(socket, 'connect');
  socket.destroy();
}
