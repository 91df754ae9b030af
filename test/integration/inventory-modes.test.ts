import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import type { InventoryMode, StageInventory } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import {
  configMap,
  crashesIn,
  deployment,
  type Manifest,
  oneStage,
  type Scene,
  startScene,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

// One controller at a time: each test starts them with flags of its own.
let running: ControllerProcess | undefined;

async function stop(): Promise<void> {
  await running?.kill();
  if (running !== undefined) assert.deepEqual(crashesIn(running), []);
  running = undefined;
}

async function restart(scene: Scene, ...flags: readonly string[]): Promise<ControllerProcess> {
  await stop();
  running = await startController(scene.controllerKubeconfig, flags);
  return running;
}

afterEach(stop);

async function inventories({ api, namespace }: Scene): Promise<readonly StageInventory[]> {
  const all = await api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace });
  return all.toSorted((a, b) => (shardOf(a) < shardOf(b) ? -1 : 1));
}

function shardOf({ metadata }: StageInventory): string {
  return metadata.labels?.[keys.inventoryShard] ?? '';
}

/** How many entries each shard holds. */
async function shardSizes(scene: Scene): Promise<readonly number[]> {
  return (await inventories(scene)).map(({ spec }) => spec.entries.length);
}

const maps = (from: number, to: number): readonly Manifest[] =>
  Array.from({ length: to - from }, (_, i) => configMap(`m${String(from + i).padStart(2, '0')}`));

const applySetKeys = (marks: Readonly<Record<string, string>> = {}): readonly string[] =>
  Object.keys(marks).filter((key) => key.startsWith('applyset.kubernetes.io/'));

test('a change of mode converges on a living StageSet, and nothing is made anew', async (t) => {
  const scene = await startScene(t);
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'secret' }, stringData: { key: CANARY } };
  await scene.publish('app', [configMap('a'), secret, deployment('web')]);
  await scene.publish('empty', [configMap('only')]);
  const uids = async () =>
    Promise.all(
      (
        [
          ['ConfigMap', 'a'],
          ['Secret', 'secret'],
          ['Deployment', 'web'],
        ] as const
      ).map(async ([kind, name]) => (await scene.find(kind, name))?.metadata.uid),
    );
  let before: readonly unknown[] | undefined;
  for (const mode of ['entries', 'hybrid', 'applyset', 'entries'] satisfies readonly InventoryMode[]) {
    await restart(scene, `--inventory-mode=${mode}`);
    if (before === undefined) await scene.roll('app', oneStage('app'));
    const inMode = (_: unknown, { status }: { readonly status?: { readonly inventoryMode?: string } }) =>
      status?.inventoryMode === mode;
    await scene.settled('app', inMode);
    const [parent, ...more] = await inventories(scene);
    assert.ok(parent !== undefined && more.length === 0, mode);
    const id = parent.metadata.labels?.[keys.applySetId];
    assert.equal(id === undefined, mode === 'entries', mode);
    assert.equal(applySetKeys(parent.metadata.annotations).length, mode === 'entries' ? 0 : 3, mode);
    for (const [kind, name] of [
      ['ConfigMap', 'a'],
      ['Secret', 'secret'],
      ['Deployment', 'web'],
    ] as const) {
      assert.equal((await scene.find(kind, name))?.metadata.labels?.[keys.applySetPartOf], id, `${mode}: ${kind}`);
    }
    before ??= await uids();
    assert.deepEqual(await uids(), before, mode);
  }
});

test('in mode applyset a prune finds members by their label, and leaves those of others', async (t) => {
  const scene = await startScene(t);
  await restart(scene, '--inventory-mode=applyset');
  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  const [parent] = await inventories(scene);
  const partOf = { [keys.applySetPartOf]: parent?.metadata.labels?.[keys.applySetId] ?? '' };
  const ours = { [keys.ownerName]: 'app', [keys.ownerNamespace]: scene.namespace, [keys.stage]: 'app' };
  const labelled = (name: string, labels: Readonly<Record<string, string>>) =>
    scene.api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace: scene.namespace, labels },
    });
  await labelled('member', { ...ours, ...partOf });
  await labelled('of-another', { ...ours, [keys.ownerName]: 'another', ...partOf });
  await labelled('no-member', ours);
  const next = await scene.publish('app', [configMap('a'), configMap('b')]);
  await scene.settled('app', succeededWith(next));
  assert.equal(await scene.find('ConfigMap', 'member'), undefined);
  for (const name of ['of-another', 'no-member']) assert.notEqual(await scene.find('ConfigMap', name), undefined, name);
});

test('shards split, join and go as objects and cap change, and every object stays recorded', async (t) => {
  const scene = await startScene(t);
  await restart(scene, '--inventory-shard-cap=4');
  await scene.publish('app', maps(0, 10));
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  assert.deepEqual(await shardSizes(scene), [4, 4, 2]);
  assert.equal((await scene.read('app')).status?.stages?.[0]?.shards, 3);

  const fewer = await scene.publish('app', maps(0, 3));
  await scene.settled('app', succeededWith(fewer));
  assert.deepEqual(await shardSizes(scene), [3]);
  assert.deepEqual((await scene.ownedBy('app')).length, 3);

  const more = await scene.publish('app', maps(0, 9));
  await scene.settled('app', succeededWith(more));
  assert.deepEqual(await shardSizes(scene), [4, 4, 1]);
  assert.deepEqual(
    (await inventories(scene)).map(({ metadata }) => applySetKeys(metadata.labels).length),
    [1, 0, 0],
  );

  await restart(scene, '--inventory-shard-cap=2');
  await eventually(async () => assert.deepEqual(await shardSizes(scene), [2, 2, 2, 2, 1]));
  await restart(scene, '--inventory-shard-cap=100');
  await eventually(async () => assert.deepEqual(await shardSizes(scene), [9]));
  await scene.remove('app');
  await scene.gone('app');
  assert.deepEqual(await scene.ownedBy('app'), []);
});

test('what was collected as garbage before the controller could read it is torn down by its labels', async (t) => {
  const scene = await startScene(t);
  await restart(scene);
  const kept = { ...configMap('kept'), metadata: { name: 'kept', annotations: { [keys.prune]: 'disabled' } } };
  await scene.publish('app', [configMap('a'), deployment('web'), kept]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  await stop();
  await scene.api.delete(scene.ref('StageSet', 'app'), { propagationPolicy: 'Foreground' });
  // The garbage collector looks for new kinds every half minute.
  await eventually(async () => assert.deepEqual(await inventories(scene), []), { timeoutMs: 60_000 });
  assert.equal((await scene.ownedBy('app')).length, 3);
  await restart(scene);
  await scene.gone('app');
  assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/kept']);
});
