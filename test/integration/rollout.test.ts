import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { configMap, deployment, oneStage, startScene, succeeded } from '../harness/scene.ts';

test('a StageSet of two stages rolls out, stage by stage', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('web', [deployment('web', { replicas: 2 })]);
  await scene.publish('after', [configMap('settings')]);
  await scene.roll('shop', {
    interval: '1h',
    stages: [
      { name: 'web', sourceRef: { name: 'web' } },
      { name: 'after', sourceRef: { name: 'after' } },
    ],
  });
  const ready = await scene.settled('shop', succeeded);
  assert.equal(ready.message, 'All 2 stages applied');
  const set = await scene.read('shop');
  assert.deepEqual(
    set.status?.stages?.map(({ name, phase }) => [name, phase]),
    [
      ['web', 'Ready'],
      ['after', 'Ready'],
    ],
  );
});

test('an object that leaves the artifact is pruned and the rest stays', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('stays'), configMap('goes')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  const ref = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', namespace: scene.namespace, name });
  const before = await scene.api.get(ref('stays'));
  const { artifact } = await scene.publish('app', [configMap('stays')]);
  await scene.settled(
    'app',
    (ready, set) => succeeded(ready) && Object.values(set.status?.lastAppliedRevisions ?? {})[0] === artifact.revision,
  );
  assert.equal(await scene.api.find(ref('goes')), undefined);
  assert.equal((await scene.api.get(ref('stays'))).metadata.uid, before.metadata.uid);
});

test('drift is mended when it happens', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('a', { key: 'value' })]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: scene.namespace, name: 'a' };
  await scene.api.patch(ref, { data: { key: 'changed by hand' } });
  await eventually(async () => {
    assert.deepEqual((await scene.api.get<{ data: object }>(ref)).data, { key: 'value' });
  });
  await eventually(async () => {
    const events = await scene.events('app');
    assert.ok(events.some(({ reason, note }) => reason === 'DriftCorrected' && note.includes('ConfigMap')));
  });
});

test('a fight that is lost is given up until the interval, and an event says so', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('a', { key: 'value' })]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  const ref = scene.ref('ConfigMap', 'a');
  const dataOf = async () => (await scene.api.get<{ data: object }>(ref)).data;
  for (const blow of ['1', '2', '3']) {
    await scene.api.patch(ref, { data: { key: blow } });
    await eventually(async () => assert.deepEqual(await dataOf(), { key: 'value' }));
  }
  await eventually(async () => {
    const notes = (await scene.events('app')).map(({ note }) => note);
    const gaveUp = `stage "app": changed again and again, corrected at the interval only: ConfigMap ${scene.namespace}/a (last written by test)`;
    assert.ok(notes.includes(gaveUp), notes.join('\n'));
    const corrected = notes.filter((note) => note.startsWith('stage "app": corrected '));
    assert.equal(corrected.length, 3, 'each correction has an event of its own');
  });
  await scene.api.patch(ref, { data: { key: '4' } });
  await setTimeout(1_000);
  assert.deepEqual(await dataOf(), { key: '4' });
  await scene.annotate('app', { [keys.requestedAt]: 'now' }); // as the interval would
  await eventually(async () => assert.deepEqual(await dataOf(), { key: 'value' }));
});

test('labels that name no StageSet any more are drift like any other', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('a')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  await scene.api.patch(scene.ref('ConfigMap', 'a'), { metadata: { labels: { [keys.ownerName]: 'nobody' } } });
  await eventually(async () => assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']));
});

test('deleting a StageSet takes down what it put up', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('a'), configMap('b')]);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
  await scene.api.delete({
    apiVersion: 'stages.metio.wtf/v1',
    kind: 'StageSet',
    namespace: scene.namespace,
    name: 'app',
  });
  await eventually(async () => {
    const left = await scene.api.list('v1', 'ConfigMap', {
      namespace: scene.namespace,
      labelSelector: 'stages.metio.wtf/name',
    });
    assert.deepEqual(left, []);
    assert.equal(
      await scene.api.find({
        apiVersion: 'stages.metio.wtf/v1',
        kind: 'StageSet',
        namespace: scene.namespace,
        name: 'app',
      }),
      undefined,
    );
    assert.deepEqual(await scene.api.list('stages.metio.wtf/v1', 'StageInventory', { namespace: scene.namespace }), []);
  });
});

test('a kustomization is built as Flux builds it, the stage’s patches last', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publishAs('app', {
    files: {
      'base/kustomization.yaml': 'resources: [settings.yaml]\nconfigMapGenerator: [{ name: made, literals: [a=b] }]\n',
      'base/settings.yaml': JSON.stringify(configMap('settings', { tier: 'base' })),
      'prod/kustomization.yaml': 'resources: [../base]\nnamePrefix: prod-\n',
    },
  });
  const patch = JSON.stringify([{ op: 'replace', path: '/data/tier', value: 'prod' }]);
  await scene.roll('app', {
    ...oneStage('app', { path: './prod', patches: [{ patch, target: { kind: 'ConfigMap', name: 'settings' } }] }),
  });
  await scene.settled('app', succeeded);
  assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'prod-settings'))?.data, { tier: 'prod' });
  assert.match((await scene.ownedBy('app')).join(), /^ConfigMap\/prod-made-[a-z0-9]{10},ConfigMap\/prod-settings$/);
});
