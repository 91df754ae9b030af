import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { startController } from '../harness/controller.ts';
import {
  because,
  configMap,
  oneStage,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import { letTenantWork, tenant } from '../harness/tenant.ts';

async function ownerOf(scene: Scene): Promise<string | undefined> {
  return (await scene.find<KubeObject>('ConfigMap', 'shared'))?.metadata.labels?.[keys.ownerName];
}

async function told(scene: Scene, name: string): Promise<readonly string[]> {
  const events = await scene.events(name);
  return events.filter(({ reason }) => reason === 'OwnerChanged').map(({ type, note }) => `${type} ${note}`);
}

async function writes(scene: Scene): Promise<number> {
  const sent = await scene.requests();
  return sent.filter(({ verb, name, dryRun }) => verb === 'patch' && name === 'shared' && !dryRun).length;
}

/** The StageSet `first` has the object, and `second` takes it. */
async function takeOver(scene: Scene): Promise<void> {
  await scene.controller();
  await scene.publish('first', [configMap('shared', { from: 'first' })]);
  await scene.publish('second', [configMap('shared', { from: 'second' })]);
  await scene.roll('first', oneStage('first'));
  await scene.atRest('first');
  await scene.roll('second', oneStage('second'));
  await scene.atRest('second');
}

const takes = ({ namespace }: Scene, from: string) =>
  `Warning stage "app": took over ConfigMap ${namespace}/shared from StageSet ${namespace}/${from}`;
const yields = ({ namespace }: Scene, to: string) =>
  `Warning stage "app": taken over: ConfigMap ${namespace}/shared by StageSet ${namespace}/${to}; left alone until this StageSet has a new revision or spec`;

describe('two StageSets that render one object', { concurrency: 4 }, () => {
  test('the later has it, both say so once, and nobody fights', async (t) => {
    const scene = await startScene(t);
    await takeOver(scene);
    await eventually(async () => {
      assert.deepEqual(await told(scene, 'second'), [takes(scene, 'first')]);
      assert.deepEqual(await told(scene, 'first'), [yields(scene, 'second')]);
    });
    const before = await writes(scene);
    for (const name of ['first', 'second', 'first']) {
      await scene.annotate(name, { [keys.requestedAt]: `${before}-${name}` });
      await eventually(async () =>
        assert.equal((await scene.read(name)).status?.lastHandledReconcileAt, `${before}-${name}`),
      );
    }
    assert.equal(before, 2, 'one write each');
    assert.equal(await writes(scene), before);
    assert.equal(await ownerOf(scene), 'second');
    assert.deepEqual((await scene.find<{ data: object }>('ConfigMap', 'shared'))?.data, { from: 'second' });
    assert.deepEqual(await told(scene, 'first'), [yields(scene, 'second')]);
    await scene.settled('first', succeeded);
  });

  test('who has a new revision takes it back', async (t) => {
    const scene = await startScene(t);
    await takeOver(scene);
    await eventually(async () => assert.equal((await told(scene, 'first')).length, 1));
    const next = await scene.publish('first', [configMap('shared', { from: 'first again' })]);
    await scene.settled('first', succeededWith(next));
    assert.equal(await ownerOf(scene), 'first');
    await eventually(async () => {
      assert.deepEqual(
        (await told(scene, 'second')).toSorted(),
        [takes(scene, 'first'), yields(scene, 'first')].toSorted(),
      );
    });
    assert.equal(await writes(scene), 3);
  });

  test('a rename: the old StageSet goes, and what the new one has taken stays', async (t) => {
    const scene = await startScene(t);
    await takeOver(scene);
    const { metadata } = await scene.api.get(scene.ref('ConfigMap', 'shared'));
    await scene.remove('first');
    await scene.gone('first');
    assert.equal((await scene.api.get(scene.ref('ConfigMap', 'shared'))).metadata.uid, metadata.uid);
    assert.equal(await ownerOf(scene), 'second');
  });

  test('of a StageSet in another namespace no name is told', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const namespace = `${scene.namespace}-other`;
    await scene.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await letTenantWork(scene.api, namespace);
    const shared = { ...configMap('shared'), metadata: { name: 'shared', namespace: scene.namespace } };
    await scene.publisher.publish({ namespace, name: 'theirs', files: { 'a.yaml': JSON.stringify(shared) } });
    await scene.api.apply({
      apiVersion: 'stages.metio.wtf/v1',
      kind: 'StageSet',
      metadata: { name: 'theirs', namespace },
      spec: { ...oneStage('theirs'), serviceAccountName: tenant },
    });
    await eventually(async () => assert.equal(await ownerOf(scene), 'theirs'));
    await scene.publish('ours', [shared]);
    await scene.roll('ours', oneStage('ours'));
    await scene.settled('ours', succeeded);
    assert.equal(await ownerOf(scene), 'ours');
    await eventually(async () => {
      const [note, ...rest] = await told(scene, 'ours');
      assert.match(note ?? '', /took over ConfigMap \S+\/shared from a StageSet of another namespace$/);
      assert.deepEqual(rest, []);
    });
  });

  test('one that fails gives way too, and does not take it back at each retry', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('shared', [configMap('shared', { from: 'first' })]);
    await scene.publish('stuck', [stuckDeployment('web')]);
    await scene.roll('first', { ...stagesOf('shared', 'stuck'), timeout: '1s', retryInterval: '1s' });
    await scene.settled('first', because('StageFailed'));
    await scene.publish('second', [configMap('shared', { from: 'second' })]);
    await scene.roll('second', oneStage('second'));
    await scene.settled('second', succeeded);
    await setTimeout(3_500); // some retries
    assert.deepEqual([await ownerOf(scene), await writes(scene)], ['second', 2]);
  });

  test('both at once: one of them has it, and it stays so', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('first', [configMap('shared', { from: 'first' })]);
    await scene.publish('second', [configMap('shared', { from: 'second' })]);
    await Promise.all(['first', 'second'].map((name) => scene.roll(name, oneStage(name))));
    await Promise.all(['first', 'second'].map((name) => scene.settled(name, succeeded)));
    await eventually(async () => {
      const loser = (await ownerOf(scene)) === 'first' ? 'second' : 'first';
      assert.ok((await told(scene, loser)).some((note) => note.includes('taken over:')));
    });
    const [owner, before] = [await ownerOf(scene), await writes(scene)];
    await setTimeout(1_500);
    assert.deepEqual([await ownerOf(scene), await writes(scene)], [owner, before]);
    assert.ok(before <= 4, `${before} writes`);
    const { data } = await scene.api.get<KubeObject & { data: { from: string } }>(scene.ref('ConfigMap', 'shared'));
    assert.equal(data.from, owner);
  });
});

// Beside no other test: for a while two controllers work on all of them.
test('a restart neither takes it back nor says it again', async (t) => {
  const scene = await startScene(t);
  await takeOver(scene);
  await eventually(async () => assert.equal((await told(scene, 'first')).length, 1));
  await scene.atRest('first');
  const before = await writes(scene);
  const another = await startController(scene.controllerKubeconfig);
  try {
    await eventually(() => {
      const ran = (name: string) => another.log.includes(`"run ended","stageset":"${scene.namespace}/${name}"`);
      assert.ok(['first', 'second'].every(ran), another.log);
    });
  } finally {
    await another.kill();
  }
  assert.equal(await writes(scene), before);
  assert.deepEqual(await told(scene, 'first'), [yields(scene, 'second')]);
});
