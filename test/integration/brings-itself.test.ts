import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { because, configMap, type Manifest, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';

const within20s = { timeoutMs: 20_000 };

function itself({ namespace }: Scene): Manifest {
  return {
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    metadata: { name: 'app', namespace },
    spec: oneStage('app'),
  };
}

function itsNamespace({ namespace }: Scene): Manifest {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } };
}

async function rollOut(scene: Scene, manifests: readonly Manifest[]): Promise<void> {
  await scene.controller();
  await scene.publish('app', [...manifests, configMap('a')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded, within20s);
}

async function namespaceGone({ api, namespace }: Scene): Promise<void> {
  const find = () => api.find({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
  await eventually(async () => assert.equal(await find(), undefined), { timeoutMs: 60_000 });
}

async function notForced(scene: Scene): Promise<void> {
  const metrics = await (await scene.controller()).metrics();
  assert.ok(!metrics.includes(`teardown_force_drop_total{namespace="${scene.namespace}"`), 'nothing is left behind');
}

describe('a StageSet that brings what it cannot outlive', { concurrency: 4 }, () => {
  test('itself: it does not wait for itself, neither to be ready nor to be gone', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [itself(scene)]);
    await scene.atRest('app');
    const spent = (await scene.requests()).length;
    await scene.publish('app', [itself(scene), configMap('a', { key: 'new' }), configMap('b')]);
    await eventually(async () => assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a', 'ConfigMap/b']));
    await scene.settled('app', succeeded);
    assert.ok((await scene.requests()).length - spent < 30, 'its own status does not set it off');
    await scene.remove('app');
    await scene.gone('app', within20s);
    assert.deepEqual(await scene.ownedBy('app'), []);
    await notForced(scene);
  });

  test('its namespace: deleting the StageSet takes that along', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [itsNamespace(scene)]);
    await scene.remove('app');
    await scene.gone('app', within20s);
    await namespaceGone(scene);
    await notForced(scene);
  });

  test('its namespace: deleting that is not held up', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [itsNamespace(scene), itself(scene)]);
    await scene.api.delete({ apiVersion: 'v1', kind: 'Namespace', name: scene.namespace });
    await scene.gone('app', { timeoutMs: 40_000 });
    await namespaceGone(scene);
    await notForced(scene);
  });

  test('a suspended one of those, too', async (t) => {
    const scene = await startScene(t);
    await rollOut(scene, [itsNamespace(scene), itself(scene)]);
    await scene.roll('app', { ...oneStage('app'), suspend: true });
    await scene.settled('app', because('Suspended'));
    await scene.remove('app');
    await scene.gone('app', within20s);
    await notForced(scene);
  });
});
