import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  oneStage,
  phasesOf,
  type Scene,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';

async function waitOn(scene: Scene, timeout: string): Promise<void> {
  await scene.controller();
  await scene.publish('app', [configMap('a'), stuckDeployment('web')]);
  await scene.roll('app', { ...oneStage('app'), timeout });
  await eventually(async () => assert.equal(phasesOf(await scene.read('app')).app, 'Verifying'));
}

async function corrections(scene: Scene): Promise<readonly string[]> {
  const events = await scene.events('app');
  return events.filter(({ reason }) => reason === 'DriftCorrected').map(({ note }) => note);
}

/** Deletes it, and resolves when it is there anew. */
async function strike(scene: Scene): Promise<void> {
  const before = (await scene.find('ConfigMap', 'a'))?.metadata.uid;
  await scene.api.delete(scene.ref('ConfigMap', 'a'));
  await eventually(async () => {
    const now = (await scene.find('ConfigMap', 'a'))?.metadata.uid;
    assert.ok(now !== undefined && now !== before);
  });
}

describe('what is deleted while a run waits', { concurrency: 4 }, () => {
  test('many at once: the run that corrects the first of them does not wait for the others in vain', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const names = Array.from({ length: 30 }, (_, i) => `settings-${i}`);
    await scene.publish(
      'app',
      names.map((name) => configMap(name)),
    );
    await scene.roll('app', oneStage('app'));
    await scene.atRest('app');
    await Promise.all(names.map((name) => scene.api.delete(scene.ref('ConfigMap', name))));
    await eventually(async () => assert.equal((await scene.ownedBy('app')).length, names.length));
    await scene.settled('app', succeeded);
  });

  test('comes back, and puts off no timeout', async (t) => {
    const scene = await startScene(t);
    await waitOn(scene, '6s');
    const startedAtMs = performance.now();
    await strike(scene);
    await eventually(async () => assert.match((await corrections(scene)).join(), /corrected ConfigMap .*\/a/));
    await strike(scene);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /verify: timed out after 6s, nothing failed, still progressing: Deployment/);
    assert.ok(performance.now() - startedAtMs < 9_000);
  });

  test('again and again: it is given up, and told', async (t) => {
    const scene = await startScene(t);
    await waitOn(scene, '8s');
    for (const _blow of ['1', '2', '3']) await strike(scene);
    await scene.api.delete(scene.ref('ConfigMap', 'a'));
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /ConfigMap \S+\/a \(not there\)/);
    assert.ok((await corrections(scene)).some((note) => note.includes('changed again and again')));
  });
});
