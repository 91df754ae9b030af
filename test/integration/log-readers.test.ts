import assert from 'node:assert/strict';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { promisify } from 'node:util';
import { configMap, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';

// No controller of the harness is here: it reads what a controller tells.

const program = join(import.meta.dirname, '..', '..', 'bin', 'stageset-controller');

async function startTelling(t: TestContext, scene: Scene, output: 'pipe' | number): Promise<ChildProcess> {
  const flags = [
    `--kubeconfig=${scene.controllerKubeconfig}`,
    '--allow-loopback-artifacts',
    '--metrics-bind-address=0',
    '--health-probe-bind-address=0',
    '--gate-bind-address=',
    '--enable-webhook=false',
    '--log-level=debug',
  ];
  const child = spawn(program, flags, { stdio: ['ignore', output, 'inherit'] });
  t.after(() => child.kill('SIGKILL'));
  return child;
}

/** It works, and ends as if nobody had to hear of it. */
async function worksOn(scene: Scene, child: ChildProcess): Promise<void> {
  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
}

test('a reader that goes away takes nothing down', async (t) => {
  const scene = await startScene(t);
  const child = await startTelling(t, scene, 'pipe');
  assert.ok(child.stdout);
  await once(child.stdout, 'data');
  child.stdout.destroy();
  await worksOn(scene, child);
});

test('nor does one that reads no more', async (t) => {
  const scene = await startScene(t);
  const folder = await mkdtemp(join(tmpdir(), 'logs-'));
  t.after(() => rm(folder, { recursive: true }));
  const pipe = join(folder, 'pipe');
  await promisify(execFile)('mkfifo', [pipe]);
  const reader = openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK);
  const writer = openSync(pipe, constants.O_WRONLY);
  t.after(() => {
    for (const fd of [reader, writer]) closeSync(fd);
  });
  assert.throws(() => {
    for (;;) writeSync(reader, Buffer.alloc(4_096));
  }, /EAGAIN/);
  await worksOn(scene, await startTelling(t, scene, writer));
});
