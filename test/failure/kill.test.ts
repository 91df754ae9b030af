import assert from 'node:assert/strict';
import { after, before, type TestContext, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { StageInventory } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { configMap, crashesIn, phasesOf, startScene, stuckDeployment, succeededWith } from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';
import { randomFrom, seeds } from '../support/seeds.ts';
import {
  becomes,
  first,
  nothing,
  patience,
  publish,
  rolledOut,
  rollOut,
  second,
  third,
  uidsOf,
  undisturbed,
  type World,
} from './shop.ts';

let controller: ControllerProcess;
let expected: { readonly second: World; readonly third: World };

before(async () => {
  const anyContext = { name: 'undisturbed' } as TestContext;
  const { controllerKubeconfig } = await startScene(anyContext);
  controller = await startController(controllerKubeconfig);
  expected = await undisturbed(anyContext);
});

after(() => controller?.kill());

test('a restart applies nothing again, but for Secrets, once: no print of theirs leaves the process', async (t) => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { password: CANARY } };
  const scene = await rolledOut(t, { ...first, edge: [secret] });
  await controller.kill('SIGKILL');
  const before = (await scene.requests()).length;
  controller = await startController(scene.controllerKubeconfig);
  await eventually(() => assert.match(controller.log, new RegExp(`"run ended","stageset":"${scene.namespace}/shop"`)));
  const sent = (await scene.requests()).slice(before);
  assert.deepEqual(
    sent.map(({ verb, resource, dryRun }) => [verb, resource, dryRun]),
    [['patch', 'secrets', false]],
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
  const afterMs = randomFrom(seed).below(400);
  test(`kill -9 ${afterMs} ms into rollouts and teardowns (seed ${seed})`, async (t) => {
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
    controller = await startController(installed.controllerKubeconfig);

    await installed.settled('shop', succeededWith(toSecond[0]!), patience);
    await updated.settled('shop', succeededWith(toSecond[1]!), patience);
    await overtaken.settled('shop', succeededWith(toThird), patience);
    await removed.gone('shop', patience);
    await becomes(installed, expected.second, 'installed');
    await becomes(updated, expected.second, 'updated');
    await becomes(overtaken, expected.third, 'overtaken');
    await becomes(removed, nothing, 'removed');
    assert.deepEqual(await Promise.all([uidsOf(updated), uidsOf(overtaken)]), uidsBefore);
    assert.deepEqual(crashesIn(controller), []);
  });
}
