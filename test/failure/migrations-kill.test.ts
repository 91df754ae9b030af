import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { startController } from '../harness/controller.ts';
import { configMap, type Scene, stagesOf, startScene, succeeded } from '../harness/scene.ts';
import { journal, putJournal, write } from '../integration/actions/scene.ts';
import { isSoak, seeds } from '../support/seeds.ts';
import { killAfterWrites } from './kill-after-writes.ts';

const seed = seeds().at(-1) ?? 1;

const order = ['one/a', 'one/b', 'pre', 'two/a', 'two/b', 'post'];

/** Two migrations of two actions each, before two stages, among the stages' own actions. */
function specAt(version: string): StageSetSpec {
  const [db, web] = stagesOf('db', 'web').stages;
  return {
    interval: '200ms',
    retryInterval: '200ms',
    version: { value: version },
    migrations: [
      { name: 'two', to: '2.0.0', stage: 'web', actions: [write('a', 'two/a'), write('b', 'two/b')] },
      { name: 'one', to: '1.5.0', stage: 'db', actions: [write('a', 'one/a'), write('b', 'one/b')] },
    ],
    stages: [
      { ...db!, actions: { pre: [write('pre')] } },
      { ...web!, actions: { post: [write('post')] } },
    ],
  };
}

/** Deployed at 1.0.0 by a controller that has gone again; the stages' own actions have not run for the next revision. */
async function deployed(scene: Scene): Promise<void> {
  await Promise.all([
    putJournal(scene),
    scene.publish('db', [configMap('db')]),
    scene.publish('web', [configMap('web')]),
  ]);
  const { stages, ...rest } = specAt('1.0.0');
  const controller = await startController(scene.controllerKubeconfig);
  try {
    await scene.roll('app', { ...rest, stages: stages.map(({ actions: _none, ...stage }) => stage) });
    await scene.settled('app', succeeded);
  } finally {
    await controller.kill();
  }
}

test(`kill -9 after writes of a transition: each action takes effect once, in its order (seed ${seed})`, async (t) => {
  const scene = await startScene(t);
  await deployed(scene);
  // What a kill does to inventories and applied objects is told by others.
  const spares = (what: string) => !/ (?:app\/status|deployments\/journal)$/.test(what);
  const killing = await killAfterWrites(t, scene, { seed, spares });
  await scene.roll('app', specAt('2.0.0'));
  await scene.settled('app', succeeded, { timeoutMs: 220_000 });
  await killing.stop();
  assert.deepEqual(await journal(scene), order);
  assert.ok(killing.killedAfter.length > (isSoak ? 12 : 3), killing.killedAfter.join());
  const { status } = await scene.read('app');
  assert.deepEqual(
    [status?.version, status?.pendingMigrations, status?.executedMigrations, status?.executedMigrationActions],
    ['2.0.0', undefined, undefined, undefined],
  );
});
