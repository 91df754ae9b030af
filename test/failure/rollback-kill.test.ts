import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Condition, StageInventory, StageSet } from '../../src/shared/api/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import { startFaultProxy } from '../harness/fault-proxy.ts';
import { configMap, crashesIn, stagesOf, startScene, stuckDeployment, succeeded } from '../harness/scene.ts';
import { momentsUpTo } from '../support/seeds.ts';

// Killed after each of some writes of a rollback, the controller finds its way back all the same.

const WRITES = 8;

test('kill -9 between the steps of a rollback', async (t) => {
  const scene = await startScene(t);
  const { api, namespace } = scene;
  await using proxy = await startFaultProxy(scene);
  const folder = await mkdtemp(join(tmpdir(), 'rollback-kill-'));
  const start = () => startController(proxy.kubeconfigPath, [`--rollback-store-path=${folder}`]);
  let controller: ControllerProcess = await start();
  t.after(async () => {
    await controller.kill();
    await rm(folder, { recursive: true, force: true });
  });
  const revision = (version: string, more: Readonly<Record<string, ReturnType<typeof configMap>[]>> = {}) =>
    Promise.all(
      ['db', 'web'].map((name) =>
        scene.publish(name, [configMap(name, { version }), configMap(`${name}-2`, { version }), ...(more[name] ?? [])]),
      ),
    );
  const world = async () => {
    const configMaps = await api.list<KubeObject & { data: object }>('v1', 'ConfigMap', { namespace });
    const inventories = await api.list<StageInventory>('stages.metio.wtf/v1', 'StageInventory', { namespace });
    return {
      data: configMaps
        .filter(({ metadata }) => metadata.name !== 'kube-root-ca.crt')
        .map(({ metadata, data }) => [metadata.name, data]),
      recorded: inventories.map(({ spec }) => spec.entries.map(({ id }) => id)),
      owned: await scene.ownedBy('shop'),
    };
  };

  const first = await revision('1');
  await scene.roll('shop', { ...stagesOf('db', 'web'), rollbackOnFailure: true, timeout: '1s' });
  await scene.settled('shop', succeeded);
  const expected = await world();
  for (const published of first) published.remove(); // only the store has it

  for (const write of momentsUpTo(WRITES, 2)) {
    let writes = 0;
    proxy.afterWrite = async () => {
      if (!controller.log.includes('"msg":"rolling back"')) return;
      writes += 1;
      if (writes === write) await controller.kill();
    };
    const [, web] = await revision(`broken ${write}`, { db: [configMap('new')], web: [stuckDeployment('stuck')] });
    const settled = scene.settled('shop', isBackFrom(web!.artifact.revision));
    await Promise.race([controller.exited, settled]);
    proxy.afterWrite = undefined;
    await controller.kill(); // where there were fewer writes
    assert.deepEqual(crashesIn(controller), []);
    controller = await start();
    await settled;
    assert.deepEqual(await world(), expected, `killed after write ${write}`);
  }
});

/** Ready keeps its word while the next run works. */
const isBackFrom =
  (revision: string) =>
  ({ message }: Condition, { status }: StageSet): boolean =>
    message.includes('; rolled back ') &&
    Object.values(status?.lastAttemptedRevisions ?? {}).includes(revision) &&
    status?.conditions?.some(({ type }) => type === 'Reconciling') === false;
