import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Store } from '../../src/main/kube/store.ts';
import { type WatchOptions, watchKind } from '../../src/main/kube/watch.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { ManualClock } from '../../src/shared/time/manual-clock.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { faultyStreams, type Query } from './kube-faults.ts';
import { remove, startKubeScene, write } from './kube-scene.ts';

type Scene = Awaited<ReturnType<typeof startKubeScene>>;

/** A watch of the scene's ConfigMaps labelled `watched=yes`, into a store. */
function watchInto(t: TestContext, scene: Scene, options: Partial<WatchOptions<KubeObject>> = {}) {
  const store = new Store<KubeObject>();
  const handle = watchKind({
    client: scene.client,
    resource: scene.configMaps,
    namespace: scene.namespace,
    labelSelector: 'watched=yes',
    form: 'full',
    sink: store,
    ...options,
  });
  t.after(handle.stop);
  const held = () => [...store.values()].map(({ metadata }) => metadata.name).toSorted();
  return { store, held, ...handle };
}

const watched = { watched: 'yes' };

test('what is there, what comes, changes, leaves the selection, and goes', async (t) => {
  const scene = await startKubeScene(t);
  const { client, configMap } = scene;
  await write(client, configMap('a'), { v: '1' }, watched);
  await write(client, configMap('unwatched'), {});
  const watch = watchInto(t, scene);
  await watch.synced;
  assert.deepEqual(watch.held(), ['a']);

  await write(client, configMap('b'), { v: '1' }, watched);
  await write(client, configMap('a'), { v: '2' }, watched);
  await eventually(() => assert.deepEqual(watch.store.get(`${scene.namespace}/a`)?.data, { v: '2' }));
  assert.deepEqual(watch.held(), ['a', 'b']);

  await write(client, configMap('a'), {}, {});
  await remove(client, configMap('b'));
  await eventually(() => assert.deepEqual(watch.held(), []));
});

test('metadata only', async (t) => {
  const scene = await startKubeScene(t);
  await write(scene.client, scene.configMap('a'), { secret: 'no' }, watched);
  const watch = watchInto(t, scene, { form: 'metadata' });
  await watch.synced;
  await write(scene.client, scene.configMap('b'), { secret: 'no' }, watched);
  await eventually(() => assert.deepEqual(watch.held(), ['a', 'b']));
  for (const object of watch.store.values())
    assert.deepEqual([object.kind, object.data], ['PartialObjectMetadata', undefined]);
});

test('a tenant is refused until it is granted', async (t) => {
  const scene = await startKubeScene(t);
  const { cluster, namespace } = scene;
  await cluster.kubectl(['create', 'serviceaccount', 'robot']);
  const clock = new ManualClock();
  const refusals: string[] = [];
  const as = `system:serviceaccount:${namespace}:robot`;
  const watch = watchInto(t, scene, { as, clock, onRefused: ({ message }) => refusals.push(message) });
  await eventually(() => assert.match(refusals[0] ?? '', /robot" cannot watch resource "configmaps"/));
  await cluster.kubectl([
    'create',
    'rolebinding',
    'robot',
    '--clusterrole=view',
    `--serviceaccount=${namespace}:robot`,
  ]);
  await eventually(async () => {
    await clock.advance(60_000);
    await Promise.race([watch.synced, new Promise((_, reject) => setTimeout(reject, 100, new Error('not yet')))]);
  });
});

test('a cut watch resumes where it was and misses nothing', async (t) => {
  const scene = await startKubeScene(t);
  await write(scene.client, scene.configMap('goes'), {}, watched);
  const faults = faultyStreams(scene.client);
  const watch = watchInto(t, scene, { client: faults.client });
  await watch.synced;
  await faults.whileCut(async () => {
    await remove(scene.client, scene.configMap('goes'));
    await write(scene.client, scene.configMap('comes'), {}, watched);
  });
  await eventually(() => assert.deepEqual(watch.held(), ['comes']));
  assert.deepEqual(faults.listed(), [true, false]);
});

test('a server that knows no streaming lists is asked for pages', async (t) => {
  const scene = await startKubeScene(t);
  const names = Array.from({ length: 300 }, (_, i) => `c${i}`).toSorted();
  await Promise.all(names.map((name) => write(scene.client, scene.configMap(name), {}, watched)));
  const faults = faultyStreams(scene.client);
  // What 1.26 does with a parameter it has never heard of, and what a later one does with it turned off.
  for (const spoil of [
    ({ sendInitialEvents, resourceVersionMatch, ...rest }: Query): Query => rest,
    (query: Query): Query => ({ ...query, resourceVersionMatch: 'Exact' }),
  ]) {
    const clock = new ManualClock();
    faults.changeNext(spoil);
    const watch = watchInto(t, scene, { client: faults.client, clock });
    await eventually(async () => {
      await clock.advance(10_000);
      assert.deepEqual(watch.held(), names);
    });
  }
});
