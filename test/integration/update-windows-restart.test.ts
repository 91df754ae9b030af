import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StageSetSpec, UpdateWindow } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { configMap, oneStage, type Scene, stagesOf, startScene, succeeded } from '../harness/scene.ts';

const closed: UpdateWindow = { type: 'Deny', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };

test('what was held, let through or out before is so after a restart', async (t) => {
  const scene = await startScene(t);
  const store = await mkdtemp(join(tmpdir(), 'store-'));
  const flags = [`--rollback-store-path=${store}`];
  let controller: ControllerProcess = await startController(scene.controllerKubeconfig, flags);
  t.after(async () => {
    await controller.kill();
    await rm(store, { recursive: true });
  });
  const { namespace } = scene;
  const revOf = async (name: string) => (await scene.find<KubeObject & Data>('ConfigMap', name))?.data.rev;
  const createGreeting = () =>
    scene.api.create({
      ...configMap('greeting', { HELLO: 'there' }),
      metadata: { name: 'greeting', namespace },
    } as never);
  const windows = { updateWindows: [closed] };
  const shop: StageSetSpec = {
    ...stagesOf('db', 'web'),
    retryInterval: '1s',
    stages: stagesOf('db', 'web').stages.map((stage) => ({
      ...stage,
      ...(stage.name === 'web' && { postBuild: { substituteFrom: [{ kind: 'ConfigMap', name: 'greeting' }] } }),
    })),
  };

  await createGreeting();
  const served = await publish(scene, ['kept', 'gone', 'stored', 'db', 'web'], '1');
  const specs = { kept: oneStage('kept'), gone: oneStage('gone'), stored: oneStage('stored'), shop };
  for (const [name, spec] of Object.entries(specs)) await scene.roll(name, spec);
  for (const name of Object.keys(specs)) await scene.settled(name, succeeded);
  for (const [name, spec] of Object.entries(specs)) await scene.roll(name, { ...spec, ...windows });
  await publish(scene, ['kept', 'gone', 'stored', 'db', 'web'], '2');
  for (const name of Object.keys(specs)) {
    await scene.settled(name, (_ready, { status }) => status?.pendingUpdate !== undefined);
  }
  await scene.api.delete(scene.ref('ConfigMap', 'greeting'));
  await scene.annotate('shop', { [keys.updateNow]: 'go' });
  await scene.settled(
    'shop',
    (ready, { status }) => ready.reason === 'StageFailed' && status?.lastHandledUpdateOverride === 'go',
  );
  assert.deepEqual([await revOf('db'), await revOf('web')], ['2', '1']);
  await controller.kill();

  for (const name of ['gone', 'stored']) served.get(name)?.remove();
  await rm(join(store, namespace, 'gone'), { recursive: true });
  for (const name of ['kept', 'gone', 'stored']) await scene.api.delete(scene.ref('ConfigMap', name));
  await createGreeting();
  controller = await startController(scene.controllerKubeconfig, flags);

  await eventually(async () =>
    assert.equal(await revOf('kept'), '1', 'drift is corrected at the revision that is out'),
  );
  await scene.settled('shop', succeeded);
  assert.deepEqual([await revOf('db'), await revOf('web')], ['2', '2'], 'the rollout that was let through completes');

  const ready = await scene.settled('gone', ({ message }) => message.includes('cannot be had any more'));
  assert.deepEqual([ready.status, ready.reason], ['True', 'Succeeded']);
  assert.match(ready.message, /update windows hold back \S+ \S+ until 2099-01-01T00:00:00Z; stage "app": revision /);
  assert.equal(await revOf('gone'), undefined);
  await eventually(async () => assert.equal(await revOf('stored'), '1'));
  await scene.settled('stored', (is) => succeeded(is) && is.message.includes('comes from the rollback store'));
  for (const name of ['kept', 'gone']) {
    const told = (await scene.events(name)).filter(({ reason }) => reason === 'UpdateDeferred');
    assert.equal(told.length, 1, 'once a revision, not once a process');
  }
  assert.doesNotMatch(await controller.metrics(), /^stageset_update_deferred_total\{/m);

  await scene.annotate('gone', { [keys.updateNow]: 'go' });
  await eventually(async () => assert.equal(await revOf('gone'), '2'));
});

interface Data {
  readonly data: Readonly<Record<string, string>>;
}

async function publish(scene: Scene, names: readonly string[], rev: string) {
  const published = names.map(async (name) => [name, await scene.publish(name, [configMap(name, { rev })])] as const);
  return new Map(await Promise.all(published));
}
