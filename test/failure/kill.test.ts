import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { StageInventory, StageSet } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import type { Published } from '../../tools/publisher/publisher.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import {
  configMap,
  crashesIn,
  deployment,
  type Manifest,
  phasesOf,
  type Scene,
  startScene,
  stuckDeployment,
  succeededWith,
} from '../harness/scene.ts';
import { randomFrom, seeds } from '../support/seeds.ts';

/** Manifests by stage. */
type Revision = Readonly<Record<(typeof stages)[number], readonly Manifest[]>>;
const stages = ['base', 'web', 'edge'] as const;

const many = (prefix: string, data: Readonly<Record<string, string>>) =>
  Array.from({ length: 8 }, (_, i) => configMap(`${prefix}-${i}`, data));

const first: Revision = {
  base: [configMap('stays', { version: '1' }), configMap('goes'), configMap('wanders')],
  web: [deployment('web'), configMap('settings', { version: '1' })],
  edge: many('old', { version: '1' }),
};
const second: Revision = {
  base: [configMap('stays', { version: '2' }), configMap('comes')],
  web: [deployment('web', { replicas: 2 }), configMap('settings', { version: '2' }), configMap('wanders')],
  edge: [...many('old', { version: '2' }).slice(4), ...many('new', { version: '2' })],
};
/** Nothing of what the second brought, and something of its own. */
const third: Revision = {
  base: [configMap('stays', { version: '3' }), configMap('wanders')],
  web: [deployment('web'), configMap('settings', { version: '3' })],
  edge: [...many('old', { version: '3' }).slice(2), configMap('third')],
};
/** They are in every revision: whatever is killed when, they are not made anew. */
const survivors = ['ConfigMap/stays', 'ConfigMap/wanders', 'ConfigMap/settings', 'ConfigMap/old-7', 'Deployment/web'];

const patience = { timeoutMs: 60_000 };
const momentsOfSeed = process.env.SOAK === undefined ? 2 : 25;

let controller: ControllerProcess;
let expected: { readonly second: World; readonly third: World };

function publish(scene: Scene, revision: Revision): Promise<Published> {
  const files = stages.flatMap((stage) =>
    revision[stage].map((each, i) => [`${stage}/${i}.yaml`, JSON.stringify(each)] as const),
  );
  return scene.publishAs('shop', { files: Object.fromEntries(files) });
}

async function rollOut(scene: Scene): Promise<void> {
  const all = stages.map((name) => ({ name, path: `./${name}`, sourceRef: { name: 'shop' } }));
  await scene.roll('shop', { interval: '1h', retryInterval: '1h', stages: all });
}

async function rolledOut(t: TestContext, revision: Revision): Promise<Scene> {
  const scene = await startScene(t);
  const published = await publish(scene, revision);
  await rollOut(scene);
  await scene.settled('shop', succeededWith(published), patience);
  return scene;
}

interface World {
  readonly objects: readonly unknown[];
  readonly inventories: readonly unknown[];
  readonly stages: unknown;
  readonly conditions: unknown;
}

/** All that a rollout leaves, but for what differs from one namespace and one moment to another. */
async function worldOf(scene: Scene): Promise<World> {
  const { api, namespace } = scene;
  const [configMaps, deployments, inventories] = await Promise.all([
    api.list<KubeObject & { data: object }>('v1', 'ConfigMap', { namespace }),
    api.list<KubeObject & { spec: { replicas: number } }>('apps/v1', 'Deployment', { namespace }),
    api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace }),
  ]);
  const describe = ({ metadata: { name, labels } }: KubeObject) => [
    name,
    labels?.[keys.stage],
    labels?.[keys.ownerName],
  ];
  const set = await api.find<StageSet>(scene.ref('StageSet', 'shop'));
  return {
    objects: [
      ...configMaps
        .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
        .map((each) => [...describe(each), each.data]),
      ...deployments.map((each) => [...describe(each), each.spec.replicas]),
    ].toSorted(),
    inventories: inventories
      .map(({ metadata, spec }) => ({
        name: metadata.name,
        position: spec.stagePosition,
        ids: spec.entries.map(({ id, p }) => [id.replace(namespace, ''), p !== undefined]),
      }))
      .toSorted((a, b) => a.position - b.position),
    stages: set?.status?.stages?.map(({ name, phase, entriesCount, shards }) => [name, phase, entriesCount, shards]),
    conditions: set?.status?.conditions?.map(({ type, status, message }) => [type, status, message]),
  };
}

const nothing: World = { objects: [], inventories: [], stages: undefined, conditions: undefined };

async function uidsOf(scene: Scene): Promise<readonly (string | undefined)[]> {
  return Promise.all(
    survivors.map(async (each) => {
      const [kind, name] = each.split('/') as ['ConfigMap' | 'Deployment', string];
      return (await scene.find(kind, name))?.metadata.uid;
    }),
  );
}

before(async () => {
  const anyContext = { name: 'undisturbed' } as TestContext;
  const { plane } = await startScene(anyContext);
  controller = await startController(plane.kubeconfigPath);
  const [a, b] = await Promise.all([rolledOut(anyContext, first), rolledOut(anyContext, first)]);
  await a.settled('shop', succeededWith(await publish(a, second)), patience);
  await b.settled('shop', succeededWith(await publish(b, third)), patience);
  expected = { second: await worldOf(a), third: await worldOf(b) };
});

after(() => controller?.kill());

test('a restart applies nothing again, but for Secrets: no print of theirs leaves the process', async (t) => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { password: 'x' } };
  const scene = await rolledOut(t, { ...first, edge: [secret] });
  await controller.kill('SIGKILL');
  const before = (await scene.requests()).length;
  controller = await startController(scene.plane.kubeconfigPath);
  await eventually(() => assert.match(controller.log, new RegExp(`"run ended","stageset":"${scene.namespace}/shop"`)));
  const sent = (await scene.requests()).slice(before);
  assert.deepEqual(
    sent.map(({ verb, resource, dryRun }) => [verb, resource, dryRun]),
    [
      ['patch', 'secrets', true],
      ['patch', 'secrets', false],
    ],
  );
});

// Found by a seed: the server dates our writes by the second, so a print that was left from the write before the last
// could not be told from the right one.
test('while a run is under way the inventory vouches for nothing that it changes', async (t) => {
  const scene = await rolledOut(t, { ...first, base: [configMap('changes'), configMap('stays')] });
  const vouchedFor = async () => {
    const { namespace } = scene;
    const all = await scene.api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace });
    const base = all.find(({ metadata }) => metadata.labels?.[keys.stage] === 'base');
    return base?.spec.entries.filter(({ p }) => p !== undefined).map(({ id }) => id.split('_')[1]);
  };
  assert.deepEqual(await vouchedFor(), ['changes', 'stays']);
  await publish(scene, {
    base: [configMap('changes', { version: '2' }), configMap('stays')],
    web: [stuckDeployment('stuck')],
    edge: first.edge,
  });
  await eventually(async () => assert.equal(phasesOf(await scene.read('shop')).web, 'Verifying'));
  assert.deepEqual(await vouchedFor(), ['stays']);
});

for (const seed of seeds()) {
  const random = randomFrom(seed);
  for (let moment = 1; moment <= momentsOfSeed; moment += 1) {
    const afterMs = random.below(400);
    test(`kill -9 ${afterMs} ms into rollouts and teardowns (seed ${seed}, moment ${moment})`, async (t) => {
      const installed = await startScene(t);
      const [updated, overtaken, removed] = await Promise.all([
        rolledOut(t, first),
        rolledOut(t, first),
        rolledOut(t, first),
      ]);
      const uidsBefore = await Promise.all([uidsOf(updated), uidsOf(overtaken)]);

      const toSecond = await Promise.all([installed, updated, overtaken].map((scene) => publish(scene, second)));
      await Promise.all([rollOut(installed), removed.remove('shop')]);
      await delay(afterMs);
      await controller.kill('SIGKILL');
      const toThird = await publish(overtaken, third);
      controller = await startController(installed.plane.kubeconfigPath);

      await installed.settled('shop', succeededWith(toSecond[0]!), patience);
      await updated.settled('shop', succeededWith(toSecond[1]!), patience);
      await overtaken.settled('shop', succeededWith(toThird), patience);
      await removed.gone('shop', patience);
      assert.deepEqual(await worldOf(installed), expected.second, 'installed');
      assert.deepEqual(await worldOf(updated), expected.second, 'updated');
      assert.deepEqual(await worldOf(overtaken), expected.third, 'overtaken');
      assert.deepEqual(await worldOf(removed), nothing, 'removed');
      assert.deepEqual(await Promise.all([uidsOf(updated), uidsOf(overtaken)]), uidsBefore);
      assert.deepEqual(crashesIn(controller), []);
    });
  }
}
