import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import {
  because,
  configMap,
  oneStage,
  type Scene,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';

const soon = { timeoutMs: 15_000 };

/** Its source bears its name; its retryInterval is an hour, so only an event wakes it. */
const after = (name: string, ...dependencies: readonly string[]): StageSetSpec => ({
  ...oneStage(name),
  dependsOn: dependencies.map((each) => ({ name: each })),
});

async function publishFor(scene: Scene, ...names: readonly string[]): Promise<void> {
  for (const name of names) await scene.publish(name, [configMap(name)]);
}

describe('dependencies', { concurrency: 4 }, () => {
  test('a StageSet waits for those it depends on and goes on at once when they are Ready', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await publishFor(scene, 'web', 'db');
    await scene.roll('web', after('web', 'db', 'cache'));
    const waiting = await scene.settled('web', because('DependencyNotReady'));
    assert.equal(waiting.status, 'False');
    const { namespace } = scene;
    assert.equal(
      waiting.message,
      `waiting for StageSet "${namespace}/db" which does not exist, "${namespace}/cache" which does not exist`,
    );
    assert.deepEqual(await scene.ownedBy('web'), []);

    await scene.roll('cache', oneStage('cache'));
    await scene.settled('cache', because('ArtifactNotFound'));
    await scene.roll('db', oneStage('db'));
    await scene.settled('db', succeeded);
    await scene.settled('web', ({ message }) => message.endsWith(`"${namespace}/cache" which is not Ready`), soon);

    await publishFor(scene, 'cache');
    await scene.settled('web', succeeded, soon);
  });

  test('a dependency that was Ready before its last edit is not Ready', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await publishFor(scene, 'web', 'db');
    await scene.roll('db', oneStage('db'));
    await scene.roll('web', after('web', 'db'));
    await scene.settled('web', succeeded);

    await scene.publish('stuck', [stuckDeployment('stuck')]);
    await scene.roll('db', oneStage('stuck'));
    const held = await scene.publish('web', [configMap('web', { version: '2' })]);
    const waiting = await scene.settled('web', because('DependencyNotReady'));
    assert.match(waiting.message, /"\S+\/db" which is not Ready( at its newest generation yet)?$/);
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'web'))?.data, { key: 'value' });

    await scene.roll('db', oneStage('db'));
    await scene.settled('web', succeededWith(held), soon);
  });

  test('a circle stalls all on it, and opening it lets them go on', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await publishFor(scene, 'a', 'b', 'c');
    await scene.roll('a', after('a', 'b'));
    await scene.roll('b', after('b', 'c'));
    await scene.roll('c', after('c', 'a'));
    for (const name of ['a', 'b', 'c']) {
      const ready = await scene.settled(name, because('Stalled'));
      assert.equal(ready.status, 'False');
      assert.match(ready.message, /^spec\.dependsOn forms a cycle: (\S+ → ){3}\S+$/);
      const stalled = (await scene.read(name)).status?.conditions?.find(({ type }) => type === 'Stalled');
      assert.deepEqual([stalled?.status, stalled?.message], ['True', ready.message]);
    }
    await scene.roll('c', after('c'));
    for (const name of ['c', 'b', 'a']) {
      await scene.settled(name, succeeded, soon);
      assert.equal((await scene.read(name)).status?.conditions?.length, 1, 'Ready alone');
    }
  });

  test('a circle is opened by deleting a StageSet on it, too', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await publishFor(scene, 'a', 'b');
    await scene.roll('a', after('a', 'b'));
    await scene.roll('b', after('b', 'a'));
    await scene.settled('a', because('Stalled'));
    await scene.settled('b', because('Stalled'));
    await scene.remove('b');
    await scene.gone('b');
    await scene.settled('a', because('DependencyNotReady'), soon);
  });
});
