import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import { because, configMap, oneStage, phasesOf, type Scene, startScene, succeededWith } from '../harness/scene.ts';

/** The machine that the controller runs on, when it is at its worst. */

async function controllerUnder(t: TestContext, scene: Scene, under: readonly string[], flags: readonly string[] = []) {
  const controller = await startController(scene.controllerKubeconfig, flags, under);
  t.after(() => controller.kill());
  return controller;
}

/** No file can grow by a byte, and where temporary ones belong there is nothing. */
const withoutDisk = ['sh', '-c', 'unset NODE_COMPILE_CACHE; export TMPDIR=/nowhere; ulimit -f 0; exec "$@"', 'sh'];

test('a full disk and no temporary folder', async (t) => {
  const scene = await startScene(t);
  const controller = await controllerUnder(t, scene, withoutDisk);
  const files = {
    'a.yaml': JSON.stringify(configMap('a')),
    'kustomization.yaml': 'resources: [a.yaml]\nnamePrefix: x-\n',
  };
  const first = await scene.publishAs('app', { files });
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeededWith(first));
  await scene.settled('app', succeededWith(await scene.publish('app', [configMap('b')])));
  assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/b']);
  await scene.remove('app');
  await scene.gone('app');
  assert.equal(controller.errors, '');
});

const jumpingClock = ['env', `NODE_OPTIONS=--import=${join(import.meta.dirname, '..', 'harness', 'jumping-clock.ts')}`];
const HOUR_MS = 3_600_000;

/** It waits for an object that somebody else is to bring, for so long. */
function waiting(timeout: string) {
  const check = { apiVersion: 'v1', kind: 'ConfigMap', name: 'late' };
  return { ...oneStage('app', { timeout, readyChecks: { checks: [check] } }), interval: '2s' };
}

test('a wall clock that jumps, forward and back: what waits and what recurs goes by time that passes', async (t) => {
  const scene = await startScene(t);
  const controller = await controllerUnder(t, scene, jumpingClock);
  const jump = (signal: 'SIGUSR2' | 'SIGWINCH') => process.kill(controller.pid, signal);
  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', waiting('6s'));
  const isWaiting = async () => assert.deepEqual(phasesOf(await scene.read('app')), { app: 'Verifying' });
  await eventually(isWaiting);
  const beganAtMs = performance.now();
  jump('SIGUSR2');
  await delay(1_500);
  await isWaiting();
  jump('SIGWINCH');
  await scene.settled('app', because('StageFailed'), { timeoutMs: 12_000 });
  assert.ok(performance.now() - beganAtMs > 4_000, 'not before its time');

  const stamps = [...controller.log.matchAll(/"ts":"([^"]+)"/g)].map(([, at = '']) => Date.parse(at) - Date.now());
  assert.ok(
    stamps.some((ms) => Math.abs(ms + 2 * HOUR_MS) < HOUR_MS / 2),
    'its clock did jump, both times',
  );

  await scene.api.create({ ...configMap('late'), metadata: { name: 'late', namespace: scene.namespace } } as never);
  const next = await scene.publish('app', [configMap('b')]);
  await scene.settled('app', succeededWith(next));
  await scene.api.delete(scene.ref('ConfigMap', 'b'));
  await eventually(async () => assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/b']));
});

test('a worker that runs out of memory fails its task alone, and the message says so', async (t) => {
  const scene = await startScene(t);
  const controller = await controllerUnder(t, scene, [], ['--worker-memory=128Mi', '--workers=1']);
  const beside = await scene.publish('beside', [configMap('beside')]);
  const wide = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'wide' }, data: { x: 'x'.repeat(900_000) } };
  const files = Object.fromEntries(
    Array.from({ length: 50 }, (_, i) => [`${i}.yaml`, JSON.stringify({ ...wide, metadata: { name: `wide-${i}` } })]),
  );
  await scene.publishAs('wide', { files });
  await scene.roll('wide', oneStage('wide'));
  await scene.roll('beside', oneStage('beside'));
  const failed = await scene.settled('wide', because('StageFailed'));
  assert.match(failed.message, /memory/);
  await scene.settled('beside', succeededWith(beside));
  assert.doesNotMatch(controller.log, /run crashed/);
});

const losingAPromise = [
  'import{isMainThread}from"node:worker_threads"',
  'if(isMainThread)process.on("SIGUSR2",()=>Promise.reject(new Error("lost")))',
].join(';');

test('a failure that nobody waits for is told, with its stack, and ends nothing', async (t) => {
  const scene = await startScene(t);
  const load = `NODE_OPTIONS=--import=data:text/javascript,${encodeURIComponent(losingAPromise)}`;
  const controller = await controllerUnder(t, scene, ['env', load]);
  process.kill(controller.pid, 'SIGUSR2');
  const told = /"level":"error","msg":"a failure that nobody waited for","error":"lost","stack":"Error: lost/;
  await eventually(() => assert.match(controller.log, told));
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeededWith(await scene.publish('app', [configMap('a')])));
});
