import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { ControlPlane } from '../../tools/control-plane/control-plane.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { breakablePlane, configMap, type Scene, stagesOf, startScene, succeededWith } from '../harness/scene.ts';

const MANY = 300;
const patience = { timeoutMs: 60_000 };

let plane: ControlPlane;

before(async () => {
  plane = await breakablePlane();
});

function many(version: string) {
  return Array.from({ length: MANY }, (_, i) => configMap(`many-${i}`, { version }));
}

/** A rollout of two stages, of which the first is half applied. */
async function halfApplied(scene: Scene) {
  await scene.controller();
  await scene.publish('many', many('1'));
  const last = await scene.publish('last', [configMap('last')]);
  await scene.roll('app', stagesOf('many', 'last'));
  await eventually(async () => assert.ok((await scene.ownedBy('app')).length > 0), { ...patience, everyMs: 5 });
  assert.ok((await scene.ownedBy('app')).length < MANY, 'it is in the middle of its work');
  return last;
}

/** It ends as if nothing had been, and hears of what comes next. */
async function assertUnharmed(scene: Scene, last: Parameters<typeof succeededWith>[0]): Promise<void> {
  await scene.settled('app', succeededWith(last), patience);
  assert.equal((await scene.ownedBy('app')).length, MANY + 1);
  const next = await eventually(() => scene.publish('last', [configMap('next')]), patience);
  await scene.settled('app', succeededWith(next), patience);
  assert.equal((await scene.ownedBy('app')).includes('ConfigMap/last'), false);
}

test('an API server that is killed and restarted in the middle of a rollout', async (t) => {
  const scene = await startScene(t);
  const last = await halfApplied(scene);
  const { 'kube-apiserver': apiServer } = plane.components;
  await apiServer.kill();
  await delay(1_000);
  await apiServer.start();
  await plane.ready();
  await assertUnharmed(scene, last);
});

test('etcd that stops answering in the middle of a rollout, and goes on', async (t) => {
  const scene = await startScene(t);
  const last = await halfApplied(scene);
  const { etcd } = plane.components;
  etcd.pause();
  try {
    await delay(3_000);
  } finally {
    etcd.resume();
  }
  await assertUnharmed(scene, last);
});

test('etcd that is killed and restarted in the middle of a rollout', async (t) => {
  const scene = await startScene(t);
  const last = await halfApplied(scene);
  const { etcd } = plane.components;
  await etcd.kill();
  await delay(1_000);
  await etcd.start();
  await eventually(() => plane.ready(), patience);
  await assertUnharmed(scene, last);
});
