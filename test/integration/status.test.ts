import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { unleased } from '../../src/main/kube/types.ts';
import { StatusWriter } from '../../src/main/status/writer.ts';
import type { StageSet, StageSetStatus } from '../../src/shared/api/types.ts';
import { systemClock } from '../../src/shared/time/clock.ts';
import { parseDurationMs } from '../../src/shared/time/duration.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  type Scene,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';

test('the end of a run of the older spec does not overwrite that of the newer one', async (t) => {
  const scene = await startScene(t);
  const writerFor = await statusWriters(t, scene);
  const older = await scene.roll('raced', { ...oneStage('none'), suspend: true });
  const newer = await scene.roll('raced', { ...oneStage('other'), suspend: true });
  const ending = (generation: number, version: string) => (status: StageSetStatus) => ({
    ...status,
    observedGeneration: generation,
    version,
  });
  for (let round = 0; round < 5; round += 1) {
    const late = writerFor(older).settle(ending(1, 'older'));
    const edit = scene.annotate('raced', { round: String(round) });
    await Promise.all([writerFor(newer).settle(ending(2, 'newer')), late, edit]);
    await writerFor(older).settle(ending(1, 'older'));
    const { status } = await scene.read('raced');
    assert.deepEqual([status?.observedGeneration, status?.version], [2, 'newer']);
  }
});

test('while the spec is edited again and again, no generation is observed after a newer one', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('a')]);
  await scene.publish('other', [configMap('b')]);
  const first = await scene.roll('shop', oneStage('app'));
  for (let i = 0; i < 30; i += 1) await scene.roll('shop', oneStage(i % 2 === 0 ? 'other' : 'app'));
  await scene.settled('shop', succeeded);

  const seen = (await scene.versions('shop', first)).map(({ status }) => status?.observedGeneration ?? 0);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.equal(seen.at(-1), 31);
});

test('conditions and history tell what became of each run', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [stuckDeployment('web')]);
  await scene.roll('shop', oneStage('app'));
  await eventually(async () => {
    const conditions = (await scene.read('shop')).status?.conditions ?? [];
    const [doing, ...others] = conditions.map(({ type, status, message }) => [type, status, message]);
    assert.deepEqual(others, [], 'nothing is Ready or not before a run has ended');
    assert.match(String(doing), /^Reconciling,True,stage "app": /);
  });

  const good = await scene.publish('app', [deployment('web')]);
  await scene.settled('shop', succeededWith(good));
  await scene.roll('shop', { ...oneStage('app'), dependsOn: [{ name: 'shop' }] });
  await scene.settled('shop', ({ reason }) => reason !== 'Succeeded');
  const stalled = await scene.read('shop');
  assert.deepEqual(
    stalled.status?.conditions?.map(({ type, status, observedGeneration }) => [type, status, observedGeneration]),
    [
      ['Ready', 'False', 2],
      ['Stalled', 'True', 2],
    ],
  );
  assert.deepEqual(Object.values(stalled.status?.lastAppliedRevisions ?? {}), [good.artifact.revision]);

  await scene.roll('shop', { ...oneStage('app'), suspend: true });
  await scene.settled('shop', because('Suspended'));
  const { history = [] } = (await scene.read('shop')).status ?? {};
  assert.deepEqual(
    history.map(({ reason, generation, revisions }) => [reason, generation, Object.values(revisions ?? {})]),
    [
      ['Suspended', 3, []],
      [stalled.status?.conditions?.[0]?.reason, 2, []],
      ['Succeeded', 1, [good.artifact.revision]],
    ],
  );
  for (const { startedAt, duration } of history) {
    assert.ok(Date.now() - Date.parse(startedAt) < 60_000);
    assert.ok((parseDurationMs(duration) ?? Number.POSITIVE_INFINITY) < 60_000);
  }
});

async function statusWriters(t: { after: (end: () => Promise<void>) => void }, { plane }: Scene) {
  const client = connect(await loadClusterConfig({ kubeconfigPath: plane.kubeconfigPath }));
  t.after(() => client.close());
  return (set: StageSet) =>
    new StatusWriter(set, {
      client,
      clock: systemClock,
      lease: unleased,
      written: () => {},
      interimFailed: (error) => assert.fail(String(error)),
    });
}

test('a success records where each stage can be had again; a failure leaves that as it is', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  const { artifact } = await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', { ...oneStage('app'), timeout: '1s' });
  await scene.settled('shop', succeeded);
  const recorded = (await scene.read('shop')).status?.lastAppliedSnapshot;
  const [snapshot, ...others] = recorded ?? [];
  const { url, digest, revision } = artifact;
  const { substitutionDigest, renderDigest, ...rest } = snapshot ?? {};
  assert.deepEqual([rest, others], [{ stage: 'app', url, digest, revision }, []]);
  for (const own of [substitutionDigest, renderDigest]) assert.match(own ?? '', /^sha256:[0-9a-f]{64}$/);

  await scene.publish('app', [stuckDeployment('b')]);
  await scene.settled('shop', because('StageFailed'));
  assert.deepEqual((await scene.read('shop')).status?.lastAppliedSnapshot, recorded);

  const mended = await scene.publish('app', [configMap('c')]);
  await scene.settled('shop', succeededWith(mended));
  const [now] = (await scene.read('shop')).status?.lastAppliedSnapshot ?? [];
  assert.deepEqual([now?.digest, now?.substitutionDigest], [mended.artifact.digest, substitutionDigest]);
  assert.notEqual(now?.renderDigest, renderDigest);
});
