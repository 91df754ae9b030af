import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  deployment,
  type Manifest,
  oneStage,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';

const HOLD = 'example.test/hold';

/** Its deletion takes until somebody lets it go. */
function held(name: string): Manifest {
  return { ...configMap(name), metadata: { name, finalizers: [HOLD] } };
}

async function letGo(scene: Scene, name: string): Promise<void> {
  await scene.api.patch(scene.ref('ConfigMap', name), { metadata: { finalizers: null } });
}

async function isDeleting(scene: Scene, name: string): Promise<boolean> {
  return (await scene.find('ConfigMap', name))?.metadata.deletionTimestamp !== undefined;
}

async function inventories(scene: Scene): Promise<readonly unknown[]> {
  return scene.api.list('stages.metio.wtf/v1', 'StageInventory', { namespace: scene.namespace });
}

/** What was deleted, in the order of the requests. */
async function deleted(scene: Scene): Promise<readonly string[]> {
  const ours = (await scene.requests()).filter(({ verb }) => verb === 'delete');
  return ours.filter(({ resource }) => resource !== 'stageinventories').map(({ name }) => name);
}

describe('teardown', { concurrency: 4 }, () => {
  // First: the namespace controller waits ten seconds before it begins.
  test('a StageSet does not hold up the end of its namespace', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a'), deployment('web')]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.api.delete({ apiVersion: 'v1', kind: 'Namespace', name: scene.namespace });
    await scene.gone('app');
  });

  test('the last stage goes first, and each is gone before the one before it goes', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('db', [configMap('db')]);
    await scene.publish('web', [held('web'), configMap('web-too')]);
    await scene.publish('edge', [configMap('edge')]);
    await scene.roll('shop', stagesOf('db', 'web', 'edge'));
    await scene.settled('shop', succeeded);

    await scene.remove('shop');
    await eventually(async () => assert.equal(await isDeleting(scene, 'web'), true));
    await eventually(async () => assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/db', 'ConfigMap/web']));
    assert.equal(await isDeleting(scene, 'db'), false);
    await letGo(scene, 'web');
    await scene.gone('shop');
    assert.deepEqual(await scene.ownedBy('shop'), []);
    assert.deepEqual(await inventories(scene), []);
    const order = await deleted(scene);
    assert.deepEqual([order[0], order[3]], ['edge', 'db']);
  });

  test('within a stage what was applied last goes first', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const job: Manifest = {
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: 'job' },
      spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'j', image: 'example/j:1' }] } } },
    };
    await scene.publish('app', [deployment('web'), configMap('settings'), job]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await deleted(scene), ['job', 'web', 'settings']);
  });

  test('a finalizer that somebody takes away comes back', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', oneStage('app'));
    await scene.atRest('app');
    await scene.api.patch(scene.ref('StageSet', 'app'), { metadata: { finalizers: null } });
    await eventually(async () => {
      assert.deepEqual((await scene.read('app')).metadata.finalizers, [keys.finalizer]);
    });
  });

  test('a suspended StageSet is torn down', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.roll('app', { ...oneStage('app'), suspend: true });
    await scene.settled('app', because('Suspended'));
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('app'), []);
  });

  test('prune: false on a stage keeps its objects, and prune: disabled keeps one', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const marked = { ...configMap('marked'), metadata: { name: 'marked', annotations: { [keys.prune]: 'disabled' } } };
    await scene.publish('keeps', [configMap('kept')]);
    await scene.publish('goes', [configMap('gone'), marked]);
    const { stages, ...rest } = stagesOf('keeps', 'goes');
    await scene.roll('app', { ...rest, stages: [{ ...stages[0]!, prune: false }, stages[1]!] });
    await scene.settled('app', succeeded);
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/kept', 'ConfigMap/marked']);
    assert.deepEqual(await inventories(scene), []);
  });

  test('an object that somebody else has adopted stays', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('adopted')]);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.roll('app', { ...oneStage('app'), suspend: true });
    await scene.settled('app', because('Suspended'));
    await scene.api.patch(scene.ref('ConfigMap', 'adopted'), { metadata: { labels: { [keys.ownerName]: 'another' } } });
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('another'), ['ConfigMap/adopted']);
  });

  test('what a failed rollout has left is torn down, too', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('first', [configMap('a')]);
    await scene.publish('second', [stuckDeployment('web')]);
    await scene.roll('app', { ...stagesOf('first', 'second'), timeout: '1s' });
    await scene.settled('app', because('StageFailed'));
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('app'), []);
  });

  test('a StageSet that never rolled out anything goes at once, whatever is wrong with it', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.roll('app', oneStage('nowhere'));
    await scene.settled('app', because('ArtifactNotFound'));
    await scene.remove('app');
    await scene.gone('app');
  });

  test('a CRD and its resources go in order, and so does a namespace', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const group = `${scene.namespace}.example.test`;
    const name = `${scene.namespace}-inner`;
    const crd: Manifest = {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
        versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }],
      },
    };
    await scene.publish('base', [crd, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
    await scene.publish('app', [
      { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'w', namespace: name } },
      { ...configMap('inside'), metadata: { name: 'inside', namespace: name } },
    ]);
    await scene.roll('app', stagesOf('base', 'app'));
    await scene.settled('app', succeeded);
    await scene.remove('app');
    await scene.gone('app');
    assert.equal(await scene.api.find({ apiVersion: 'v1', kind: 'Namespace', name }), undefined);
    const crdRef = { apiVersion: crd.apiVersion as string, kind: crd.kind as string, name: `widgets.${group}` };
    assert.equal(await scene.api.find(crdRef), undefined);
  });
});
