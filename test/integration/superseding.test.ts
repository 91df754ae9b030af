import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { keys } from '../../src/shared/labels.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  phasesOf,
  type Scene,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';

const soon = { timeoutMs: 15_000 };

/** A rollout that nothing but something newer ends: its timeout is far away. */
async function getStuck(scene: Scene, timeout = '1h'): Promise<void> {
  await scene.controller();
  await scene.publish('app', [stuckDeployment('web')]);
  await scene.roll('app', { ...oneStage('app'), timeout });
  await untilVerifying(scene);
}

async function untilVerifying(scene: Scene): Promise<void> {
  await eventually(async () => assert.equal(phasesOf(await scene.read('app')).app, 'Verifying'));
}

async function supersededNotes(scene: Scene): Promise<readonly string[]> {
  const events = (await scene.events('app')).filter(({ reason }) => reason === 'Superseded');
  assert.ok(events.every(({ type }) => type === 'Normal'));
  return events.map(({ note }) => note);
}

describe('superseding', { concurrency: 4 }, () => {
  test('a pushed fix ends a stuck rollout', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene);
    const fix = await scene.publish('app', [deployment('web')]);
    await scene.settled('app', succeededWith(fix), soon);
    await eventually(async () => {
      const [note] = await supersededNotes(scene);
      assert.match(note ?? '', /^superseded: stage "app": revision latest@sha256:\S+ by latest@sha256:\S+$/);
      assert.ok(note?.endsWith(fix.artifact.revision));
    });
  });

  test('an edit of the spec does', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene);
    await scene.publish('other', [configMap('a')]);
    await scene.roll('app', oneStage('other'));
    await scene.settled('app', succeeded, soon);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
    await eventually(async () => {
      assert.deepEqual(await supersededNotes(scene), ['superseded: generation 1 by generation 2']);
    });
  });

  test('suspension does', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene);
    await scene.roll('app', { ...oneStage('app'), suspend: true });
    await scene.settled('app', because('Suspended'), soon);
  });

  test('deletion does', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene);
    await scene.remove('app');
    await scene.gone('app', soon);
    assert.deepEqual(await scene.ownedBy('app'), []);
  });

  test('a download that hangs ends when something newer is there', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const hung = await scene.publish('app', [configMap('hung', { namespace: scene.namespace })]);
    hung.misbehave({ fault: { is: 'hang' } });
    await scene.roll('app', oneStage('app'));
    await eventually(() => assert.equal(hung.downloads(), 1));
    const fix = await scene.publish('app', [configMap('fixed')]);
    await scene.settled('app', succeededWith(fix), soon);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/fixed']);
  });

  test('a revision that goes before it is looked at leaves no trace', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene);
    for (const n of [1, 2, 3, 4, 5]) await scene.publish('app', [configMap(`skipped-${n}`)]);
    const fix = await scene.publish('app', [configMap('last')]);
    await scene.settled('app', succeededWith(fix), soon);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/last']);
    assert.equal(Object.keys((await scene.read('app')).status?.lastAppliedRevisions ?? {}).length, 1);
  });

  test('a token ends no wait and puts off no timeout', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene, '4s');
    const startedAtMs = performance.now();
    let tokens = 0;
    const touching = setInterval(() => {
      tokens += 1;
      scene.annotate('app', { [keys.requestedAt]: `token-${tokens}` }).catch(() => {});
    }, 300);
    try {
      const ready = await scene.settled('app', because('StageFailed'));
      assert.match(ready.message, /verify: timed out after 4s/);
    } finally {
      clearInterval(touching);
    }
    const tookMs = performance.now() - startedAtMs;
    assert.ok(tokens >= 5, `${tokens} tokens`);
    assert.ok(tookMs < 8_000, `${tookMs} ms`);
    assert.deepEqual(await supersededNotes(scene), []);
  });

  test('a spec edited again and again puts off no timeout of a stage that stays as it was', async (t) => {
    const scene = await startScene(t);
    await getStuck(scene, '4s');
    const startedAtMs = performance.now();
    let edits = 0;
    const failed = await eventually(
      async () => {
        edits += 1;
        await scene.roll('app', { ...oneStage('app'), timeout: '4s', interval: `${edits}h` });
        await untilVerifyingOrFailed(scene);
        const { status } = await scene.read('app');
        const entry = status?.history?.find(({ reason }) => reason === 'StageFailed');
        assert.ok(entry !== undefined, JSON.stringify(status));
        return entry;
      },
      { everyMs: 400 },
    );
    const tookMs = performance.now() - startedAtMs;
    assert.match(failed.message ?? '', /verify: timed out after 4s/);
    assert.ok(edits >= 4, `${edits} edits`);
    assert.ok(tookMs < 9_000, `${tookMs} ms`);
  });
});

async function untilVerifyingOrFailed(scene: Scene): Promise<void> {
  await eventually(async () => {
    assert.match(phasesOf(await scene.read('app')).app ?? '', /^(Verifying|Failed)$/);
  });
}
