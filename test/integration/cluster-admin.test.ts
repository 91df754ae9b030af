import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { kubeconfigOf, putSecret, startRemote } from '../harness/remote.ts';
import { configMap, oneStage, type Scene, startScene, succeeded, succeededWith } from '../harness/scene.ts';

let starting: Promise<ControllerProcess> | undefined;
after(async () => (await starting)?.kill());

/** As with the chart's `rbac.clusterAdmin`: all other tests have a controller that may write nothing but its own kinds. */
async function startAdmin({ plane }: Scene): Promise<void> {
  starting ??= startController(plane.kubeconfigPath);
  await starting;
}

/** A StageSet that names no account. */
function roll(scene: Scene, spec: StageSetSpec): Promise<unknown> {
  return scene.roll('app', { ...spec, serviceAccountName: undefined });
}

describe('a StageSet without an account acts as the controller', { concurrency: 2 }, () => {
  test('to read what it is given, to apply, to prune and to delete', async (t) => {
    const scene = await startScene(t);
    await startAdmin(scene);
    await putSecret(scene, 'variables', { who: 'carla' });
    await scene.publish('app', [configMap('a', { who: `\${who}` }), configMap('b')]);
    const postBuild = { substituteFrom: [{ kind: 'Secret' as const, name: 'variables' }] };
    await roll(scene, oneStage('app', { postBuild }));
    await scene.settled('app', succeeded);
    assert.deepEqual((await scene.find<KubeObject & { data: object }>('ConfigMap', 'a'))?.data, { who: 'carla' });
    await scene.settled('app', succeededWith(await scene.publish('app', [configMap('b')])));
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/b']);
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('app'), []);
    assert.deepEqual(
      (await scene.requests()).filter(({ as }) => as !== undefined),
      [],
    );
  });

  test('on another cluster as whom the kubeconfig names', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await startAdmin(scene);
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    await scene.publish('app', [configMap('a')]);
    await roll(scene, { ...oneStage('app'), kubeConfig: { secretRef: { name: 'elsewhere' } } });
    await scene.settled('app', succeeded);
    assert.ok(await remote.api.find(scene.ref('ConfigMap', 'a')));
    assert.equal(await scene.find('ConfigMap', 'a'), undefined);
    await scene.remove('app');
    await scene.gone('app');
    assert.equal(await remote.api.find(scene.ref('ConfigMap', 'a')), undefined);
  });
});
