import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageSet } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { runsBegun } from '../harness/runs-begun.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  phasesOf,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import { CANARY } from '../support/canary.ts';

const requestedAt = (token: string) => ({ [keys.requestedAt]: token });

const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'key' }, stringData: { password: CANARY } };

/** Two stages; one of them holds a Secret and what moves its own status. */
async function rollOutSteady(scene: Scene, interval: string): Promise<StageSet> {
  await scene.publish('web', [deployment('web'), configMap('settings'), secret]);
  await scene.publish('after', [configMap('after')]);
  await scene.roll('app', { ...stagesOf('web', 'after'), interval });
  await scene.atRest('app');
  return scene.read('app');
}

async function handled(scene: Scene, token: string): Promise<void> {
  await eventually(async () => assert.equal((await scene.read('app')).status?.lastHandledReconcileAt, token));
}

/** Writes and all else that is not a look: by verb and resource. */
async function sentSince(scene: Scene, before: number): Promise<readonly string[]> {
  return (await scene.requests()).slice(before).map(({ verb, resource }) => `${verb} ${resource}`);
}

describe('steady', { concurrency: 4 }, () => {
  test('a run that was asked for and finds nothing to do writes the token and nothing else', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const steady = await rollOutSteady(scene, '1h');
    const before = (await scene.requests()).length;
    await scene.annotate('app', requestedAt('one'));
    await handled(scene, 'one');
    await scene.annotate('app', requestedAt('two'));
    await handled(scene, 'two');
    assert.deepEqual(await sentSince(scene, before), ['patch stagesets/status', 'patch stagesets/status']);
    const versions = await scene.versions('app', steady);
    assert.equal(versions.length, 4, 'two annotations, two tokens');
    for (const { status } of versions) {
      assert.deepEqual(
        { ...status, lastHandledReconcileAt: undefined },
        { ...steady.status, lastHandledReconcileAt: undefined },
      );
    }
  });

  test('an interval that passes sends no PATCH at all, nor anything else', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    const steady = await rollOutSteady(scene, '1s');
    const before = (await scene.requests()).length;
    const runsBefore = runsBegun(controller, scene);
    await eventually(() => assert.ok(runsBegun(controller, scene) >= runsBefore + 3));
    assert.deepEqual(await sentSince(scene, before), []);
    assert.deepEqual(await scene.versions('app', steady), []);
  });

  test('what a run has done shows when it has ended, not before', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.publish('stuck', [stuckDeployment('web')]); // early: known to the controller when it is rolled out
    await scene.roll('app', oneStage('app'), requestedAt('first'));
    await scene.settled('app', succeeded);
    const first = await scene.read('app');
    assert.equal(first.status?.lastHandledReconcileAt, 'first');

    await scene.roll('app', { ...stagesOf('app', 'stuck'), timeout: '6s' }, requestedAt('second'));
    await scene.settled('app', because('StageFailed'));
    const all = await scene.versions('app', first);
    // A pod that moves may have begun another run by now: up to the end of the one asked for.
    const versions = all.slice(0, all.findIndex(({ status }) => status?.observedGeneration === 2) + 1);
    assert.ok(versions.some((set) => phasesOf(set).stuck === 'Verifying'));
    const reconciling = versions.filter((set) => conditionOf(set, 'Reconciling') !== undefined);
    assert.ok(
      reconciling.some((set) =>
        conditionOf(set, 'Reconciling')!.message.includes('stage "stuck": waiting for Deployment'),
      ),
    );
    for (const set of reconciling) {
      assert.equal(set.status?.observedGeneration, 1);
      assert.equal(set.status?.lastHandledReconcileAt, 'first');
      const ready = conditionOf(set, 'Ready');
      assert.deepEqual([ready?.status, ready?.observedGeneration], ['True', 1], 'an old success reads as an old one');
    }
    const last = versions.at(-1)!;
    assert.equal(conditionOf(last, 'Reconciling'), undefined);
    assert.deepEqual([last.status?.observedGeneration, last.status?.lastHandledReconcileAt], [2, 'second']);
    assert.equal(conditionOf(last, 'Ready')?.observedGeneration, 2);
  });

  test('a suspended StageSet does nothing until it is resumed', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a', { version: '1' })]);
    const created = await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    await scene.roll('app', { ...oneStage('app'), suspend: true });
    const ready = await scene.settled('app', because('Suspended'));
    assert.equal(ready.status, 'False');
    const second = await scene.publish('app', [configMap('a', { version: '2' })]);
    await scene.annotate('app', requestedAt('not now'));
    await eventually(async () => {
      const told = (await scene.events('app')).find(({ reason }) => reason === 'Suspended');
      assert.equal(told?.type, 'Normal');
    });
    await scene.roll('app', { ...oneStage('app'), suspend: false }, requestedAt('not now'));
    await scene.settled('app', succeededWith(second));
    // Only now has anyone done what the token asks for.
    assert.equal((await scene.read('app')).status?.lastHandledReconcileAt, 'not now');
    const versions = await scene.versions('app', created);
    const suspended = versions.filter((set) => set.spec.suspend === true);
    assert.ok(suspended.every(({ status }) => status?.lastHandledReconcileAt === undefined));
    assert.ok(
      suspended.every(
        ({ status }) => !Object.values(status?.lastAppliedRevisions ?? {}).includes(second.artifact.revision),
      ),
    );
  });

  test('forceAt runs a suspended StageSet once', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    const first = await scene.publish('app', [configMap('a', { version: '1' })]);
    await scene.roll('app', { ...oneStage('app'), suspend: true });
    await scene.settled('app', because('Suspended'));
    await scene.annotate('app', { [keys.requestedAt]: 'now', [keys.forceAt]: 'now' });
    await scene.settled('app', succeededWith(first));
    assert.equal((await scene.read('app')).status?.lastHandledReconcileAt, 'now');

    await scene.publish('app', [configMap('a', { version: '2' })]);
    const ended = () =>
      controller.log.split('\n').filter((line) => line.includes('"run ended"') && line.includes(scene.namespace));
    await eventually(() => assert.match(ended().at(-1) ?? '', /"reason":"Suspended"/));
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'a'))?.data, { version: '1' });
  });

  test('an object that is created only where it is absent is left to whoever edits it', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const annotations = { [keys.fluxSsa]: 'IfNotPresent' };
    await scene.publish('app', [{ ...configMap('seed'), metadata: { name: 'seed', annotations } }]);
    await scene.roll('app', oneStage('app'));
    await scene.atRest('app');
    const before = (await scene.requests()).length;
    await scene.api.patch(scene.ref('ConfigMap', 'seed'), { data: { key: 'edited' } });
    await scene.annotate('app', requestedAt('now'));
    await handled(scene, 'now');
    assert.deepEqual(await sentSince(scene, before), ['patch stagesets/status']);
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'seed'))?.data, { key: 'edited' });
  });
});

function conditionOf({ status }: StageSet, type: string) {
  return status?.conditions?.find((condition) => condition.type === type);
}
