import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSet } from '../../src/shared/api/types.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import { configMap, oneStage, phasesOf, type Scene, startScene, stuckDeployment } from '../harness/scene.ts';

const OTHERS = 50;

/** Creates many StageSets at once; how long until the last is Ready. */
async function msUntilAllReady(scene: Scene): Promise<number> {
  const names = Array.from({ length: OTHERS }, (_, i) => `app-${i}`);
  await Promise.all(names.map((name) => scene.publish(name, [configMap(name, { namespace: scene.namespace })])));
  const startedAtMs = performance.now();
  await Promise.all(names.map((name) => scene.roll(name, oneStage(name))));
  await eventually(
    async () => {
      const { namespace } = scene;
      const sets = await scene.api.list<StageSet>('stages.metio.wtf/v1', 'StageSet', { namespace });
      const notReady = sets.filter(({ metadata }) => metadata.name.startsWith('app-')).filter((set) => !isReady(set));
      assert.deepEqual(
        notReady.map(({ metadata }) => metadata.name),
        [],
      );
    },
    { everyMs: 20, timeoutMs: 60_000 },
  );
  return performance.now() - startedAtMs;
}

function isReady({ status }: StageSet): boolean {
  return status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false;
}

async function getStuck(scene: Scene, count: number): Promise<void> {
  const hung = await scene.publish('hung', [configMap('hung', { namespace: scene.namespace })]);
  hung.misbehave({ fault: { is: 'hang' } });
  for (let i = 0; i < count; i += 1) {
    await scene.publish(`stuck-${i}`, [stuckDeployment(`web-${i}`)]);
    await scene.roll(`stuck-${i}`, { ...oneStage(`stuck-${i}`), timeout: '1h' });
    await eventually(async () => assert.equal(phasesOf(await scene.read(`stuck-${i}`)).app, 'Verifying'));
  }
  await scene.roll('hung', oneStage('hung'));
  await eventually(() => assert.equal(hung.downloads(), 1));
}

test('StageSets that are stuck, in more number than there are slots, hold nobody up', async (t) => {
  const without = await startScene(t);
  const controller = await startController(without.controllerKubeconfig, ['--concurrent=2']);
  t.after(() => controller.kill());
  await msUntilAllReady(await startScene(t)); // whatever is slow for the first time only
  const aloneMs = await msUntilAllReady(without);

  const beside = await startScene(t);
  await getStuck(beside, 3);
  const besideStuckMs = await msUntilAllReady(beside);
  for (const name of ['stuck-0', 'stuck-1', 'stuck-2']) {
    assert.equal(phasesOf(await beside.read(name)).app, 'Verifying', `${name} is still stuck`);
  }
  const ratio = besideStuckMs / aloneMs;
  t.diagnostic(
    `${OTHERS} StageSets: ${aloneMs.toFixed(0)} ms alone, ${besideStuckMs.toFixed(0)} ms beside stuck ones, ratio ${ratio.toFixed(2)}`,
  );
  assert.ok(ratio < 5, 'a run that waits holds no slot');
});
