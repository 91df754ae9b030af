import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Reason, reasons, runbookSuffix } from '../../src/shared/api/reasons.ts';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { type ControllerProcess, startController } from '../harness/controller.ts';
import {
  because,
  configMap,
  oneStage,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';

const runbooks = 'https://runbooks.example/stageset';

/** What makes a StageSet `shop` end so, once the source `app` holds a ConfigMap. */
const given: Readonly<Partial<Record<Reason, (scene: Scene) => Promise<StageSetSpec>>>> = {
  Succeeded: async () => oneStage('app'),
  Suspended: async () => ({ ...oneStage('app'), suspend: true }),
  InvalidSpec: async (scene) => {
    await scene.publish('twin', [configMap('a')]);
    return stagesOf('app', 'twin'); // both claim the ConfigMap
  },
  InvalidVersion: async () => ({ ...oneStage('app'), version: { value: 'not a version' } }),
  DowngradeRequiresMigration: async (scene) => {
    await scene.roll('shop', { ...oneStage('app'), version: { value: '2.0.0' } });
    await scene.settled('shop', succeeded);
    return { ...oneStage('app'), version: { value: '1.0.0' } };
  },
  Stalled: async (scene) => {
    await scene.roll('other', { ...oneStage('app'), dependsOn: [{ name: 'shop' }] });
    return { ...oneStage('app'), dependsOn: [{ name: 'other' }] };
  },
  DependencyNotReady: async () => ({ ...oneStage('app'), dependsOn: [{ name: 'nobody' }] }),
  SourceNotReady: async ({ namespace, publisher }) => {
    await publisher.fail({ namespace, name: 'away', reason: 'Failed', message: 'no route' });
    return oneStage('away');
  },
  ArtifactNotFound: async () => oneStage('nothing'),
  ResolveFailed: async () => oneStage('app', { sourceRef: { name: 'app', namespace: 'elsewhere' } }),
  StageFailed: async (scene) => {
    await scene.publish('bad', [{ ...configMap('a'), metadata: {} }]);
    return oneStage('bad');
  },
  PreviousRevisionUnavailable: async (scene) => {
    await scene.roll('shop', { ...oneStage('app'), rollbackOnFailure: true });
    await scene.settled('shop', succeeded);
    await scene.publish('late', [stuckDeployment('b')]);
    // The render of before is nowhere, and would not come of this spec.
    const rest = { postBuild: { substitute: { A: 'b' } } };
    return { ...oneStage('late', rest), rollbackOnFailure: true, timeout: '1s' };
  },
};

/** Reasons of what this version does not do yet. */
const later: readonly Reason[] = ['UpdateDeferred'];

describe('each reason shows in Ready, Stalled, one event, history and a count', { concurrency: 4 }, () => {
  let controller: Promise<ControllerProcess> | undefined;
  after(async () => (await controller)?.kill());
  const theController = ({ controllerKubeconfig }: Scene) => {
    controller ??= startController(controllerKubeconfig, [`--runbook-base-url=${runbooks}/`]);
    return controller;
  };

  test('none is left out', () => {
    assert.deepEqual([...Object.keys(given), ...later].toSorted(), Object.keys(reasons).toSorted());
  });

  for (const [reason, specFor] of Object.entries(given) as readonly [Reason, NonNullable<(typeof given)[Reason]>][]) {
    test(reason, async (t) => {
      const scene = await startScene(t);
      const { metrics } = await theController(scene);
      await scene.publish('app', [configMap('a')]);
      await scene.roll('shop', await specFor(scene));
      const ready = await scene.settled('shop', because(reason));

      assert.equal(ready.status, reasons[reason].ready);
      assert.ok(ready.message.endsWith(runbookSuffix(reason, runbooks)), ready.message);
      const { status } = await scene.read('shop');
      const stalled = status?.conditions?.find(({ type }) => type === 'Stalled');
      assert.equal(stalled?.reason, reasons[reason].kind === 'terminal' ? reason : undefined);
      assert.deepEqual([status?.history?.[0]?.reason, status?.history?.[0]?.message], [reason, ready.message]);

      await eventually(async () => {
        const [event, ...others] = (await scene.events('shop')).filter((each) => each.reason === reason);
        const type = reasons[reason].ready === 'True' || reasons[reason].kind === 'intended' ? 'Normal' : 'Warning';
        assert.deepEqual([event?.type, event?.note, others], [type, ready.message, []]);
      });
      await eventually(async () => {
        const series = `stageset_reconcile_total{namespace="${scene.namespace}",name="shop",reason="${reason}"}`;
        assert.ok((await metrics()).includes(series), series);
      });
    });
  }

  test('a steady run is no news, though it is counted', async (t) => {
    const scene = await startScene(t);
    const { metrics } = await theController(scene);
    await scene.publish('app', [configMap('a')]);
    const first = await scene.roll('shop', oneStage('app'));
    await scene.atRest('shop');
    await scene.annotate('shop', { [keys.requestedAt]: 'again' });
    const series = `stageset_reconcile_total{namespace="${scene.namespace}",name="shop",reason="Succeeded"}`;
    await eventually(async () => assert.match(await metrics(), new RegExp(`^${RegExp.escape(series)} 2$`, 'm')));
    assert.deepEqual(
      (await scene.events('shop')).map(({ reason }) => reason),
      ['Succeeded'],
    );
    const { status } = await scene.read('shop');
    assert.equal(status?.history?.length, 1);
    assert.equal(status?.lastHandledReconcileAt, 'again');
    const told = (await scene.versions('shop', first)).filter((set) => set.status?.lastHandledReconcileAt === 'again');
    assert.equal(told.length, 1, 'no phase moves: one write, for the token');
  });

  test('while a run works Ready keeps its last word, with the generation that word was for', async (t) => {
    const scene = await startScene(t);
    await theController(scene);
    await scene.publish('app', [configMap('a')]);
    await scene.roll('shop', oneStage('app'));
    await scene.settled('shop', succeeded);
    const before = await scene.read('shop');
    const slow = await scene.publish('slow', [configMap('b')]);
    slow.misbehave({ fault: { is: 'hang' } });
    await scene.roll('shop', oneStage('slow'));
    await eventually(async () => {
      const { status } = await scene.read('shop');
      const [ready, reconciling] = status?.conditions ?? [];
      assert.deepEqual(ready, before.status?.conditions?.[0]);
      assert.deepEqual([reconciling?.type, reconciling?.observedGeneration], ['Reconciling', 2]);
      assert.equal(status?.observedGeneration, 1, 'dependents wait for the end of the run');
    });
  });
});
