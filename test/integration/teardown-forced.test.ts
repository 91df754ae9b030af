import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { StageInventory } from '../../src/shared/api/types.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { configMap, crashesIn, type Scene, stagesOf, startScene, succeeded } from '../harness/scene.ts';

let controller: Promise<ControllerProcess> | undefined;

/** The one of this file: its patience is short. */
function impatient(scene: Scene): Promise<ControllerProcess> {
  controller ??= startController(scene.controllerKubeconfig, ['--max-teardown-wait=3s']);
  return controller;
}

after(async () => {
  const running = await controller;
  await running?.kill();
  if (running !== undefined) assert.deepEqual(crashesIn(running), []);
});

async function forcedIn(scene: Scene): Promise<readonly string[]> {
  const { metrics } = await impatient(scene);
  const lines = (await metrics()).split('\n');
  return lines.filter(
    (line) => line.startsWith('stageset_teardown_force_drop_total{') && line.includes(`"${scene.namespace}"`),
  );
}

test('a teardown that cannot end is given up after --max-teardown-wait, and what is left is named and counted', async (t) => {
  const scene = await startScene(t);
  await impatient(scene);
  const held = { ...configMap('held'), metadata: { name: 'held', finalizers: ['example.test/hold'] } };
  await scene.publish('first', [configMap('first')]);
  await scene.publish('second', [held, configMap('free')]);
  await scene.roll('app', stagesOf('first', 'second'));
  await scene.settled('app', succeeded);
  await scene.remove('app');
  await scene.gone('app');
  const told = (await scene.events('app')).find(({ reason }) => reason === 'TeardownForced');
  assert.equal(told?.type, 'Warning');
  const { namespace } = scene;
  const left = [`ConfigMap ${namespace}/first`, `ConfigMap ${namespace}/held`];
  assert.match(told.note, /^teardown took longer than --max-teardown-wait; left behind: /);
  assert.deepEqual(told.note.split('left behind: ')[1]?.split(', ').toSorted(), left);
  assert.deepEqual(await forcedIn(scene), [
    `stageset_teardown_force_drop_total{namespace="${namespace}",name="app",reason="Timeout"} 1`,
  ]);
  assert.deepEqual(await scene.api.list('stages.metio.wtf/v1', 'StageInventory', { namespace }), []);
  await scene.api.patch(scene.ref('ConfigMap', 'held'), { metadata: { finalizers: null } });
});

test('what is on a cluster that nothing leads to any more is named, too', async (t) => {
  const scene = await startScene(t);
  await impatient(scene);
  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', stagesOf('app'));
  await scene.settled('app', succeeded);
  const { namespace } = scene;
  const [inventory] = await scene.api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace });
  const target = { ...inventory?.spec.target, cluster: 'another-uid/another-address' };
  await scene.api.patch(scene.ref('StageInventory', inventory?.metadata.name ?? ''), { spec: { target } });
  await scene.remove('app');
  await scene.gone('app');
  const told = (await scene.events('app')).find(({ reason }) => reason === 'TeardownForced');
  assert.match(told?.note ?? '', new RegExp(`left behind: ConfigMap ${namespace}/a$`));
  assert.notEqual(await scene.find('ConfigMap', 'a'), undefined);
});
