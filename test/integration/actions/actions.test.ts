import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { keys } from '../../../src/shared/labels.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
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
} from '../../harness/scene.ts';
import { configMapNamed, dataOf, executed, journal, put, putJournal, rollWith, setIn, write } from './scene.ts';

/** Intervals this short let a rerun that should not be show itself soon. */
const often = { interval: '200ms', retryInterval: '200ms' };
const soon = { timeoutMs: 15_000 };

async function prepared(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  await Promise.all([scene.controller(), putJournal(scene), scene.publish('app', [configMap('settings')])]);
  return scene;
}

describe('actions', { concurrency: 4 }, () => {
  test('run around the apply in list order, and never again', async (t) => {
    const scene = await prepared(t);
    await put(scene, configMap('other'));
    const untilApplied = {
      name: 'sees-settings',
      wait: { target: configMapNamed('settings'), expr: 'data.key == "value"' },
    };
    await rollWith(
      scene,
      {
        pre: [write('one'), setIn('other', { a: 'b' }), write('two')],
        post: [untilApplied, write('three')],
        onFailure: [write('never')],
      },
      often,
    );
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['one', 'two', 'three']);
    assert.deepEqual(await executed(scene), ['one', 'set', 'two', 'sees-settings', 'three']);
    const { status } = await scene.read('app');
    assert.equal(status?.stages?.[0]?.ledgerRevision, status?.stages?.[0]?.appliedRevision);
    const writes = async () =>
      (await scene.requests()).filter(({ verb, resource }) => verb === 'patch' && !resource.startsWith('stage')).length;
    const before = await writes();
    const { metadata } = await scene.read('app');
    await delay(2_000); // ten intervals
    assert.deepEqual(await journal(scene), ['one', 'two', 'three']);
    assert.equal(await writes(), before);
    assert.equal((await scene.read('app')).metadata.resourceVersion, metadata.resourceVersion);
  });

  test('a failed pre action leaves the stage unapplied; the next run goes on where it failed', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, { pre: [write('one'), setIn('missing', { a: 'b' }), write('two')] }, often);
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.equal(message, `stage "app" failed: pre action "set": ConfigMap ${scene.namespace}/missing: not found`);
    assert.equal(await scene.find('ConfigMap', 'settings'), undefined);
    assert.equal(phasesOf(await scene.read('app')).app, 'Failed');
    await put(scene, configMap('missing'));
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['one', 'two']);
    assert.equal((await dataOf(scene, 'missing'))?.a, 'b');
  });

  test('are tried again as often as retries says', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, {
      pre: [write('one'), { ...setIn('late', { a: 'b' }), retries: 5 }],
      post: [{ ...setIn('never', { a: 'b' }, 'hopeless'), retries: 1 }],
    });
    await eventually(async () => assert.deepEqual(await executed(scene), ['one']));
    await put(scene, configMap('late'));
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /post action "hopeless": ConfigMap \S+\/never: not found/);
    assert.equal((await dataOf(scene, 'late'))?.a, 'b');
    const asked = (await scene.requests()).filter(({ name }) => name === 'never');
    assert.equal(asked.length, 2);
  });

  test('a failure from apply on runs onFailure once, as well as it goes', async (t) => {
    const scene = await startScene(t);
    await Promise.all([scene.controller(), putJournal(scene), scene.publish('app', [stuckDeployment('web')])]);
    await rollWith(
      scene,
      { onFailure: [write('one'), setIn('missing', { a: 'b' }), write('two')] },
      { ...often, timeout: '500ms' },
    );
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /^stage "app" failed: verify: timed out after 500ms/);
    await delay(2_000); // some more runs that fail
    assert.deepEqual(await journal(scene), ['one', 'two']);
    const told = (await scene.events('app')).filter(({ reason }) => reason === 'OnFailureAction');
    assert.deepEqual(
      told.map(({ type, note }) => [type, note]),
      [['Warning', `stage "app": onFailure action "set" failed: ConfigMap ${scene.namespace}/missing: not found`]],
    );
    assert.equal((await scene.requests()).filter(({ name }) => name === 'missing').length, 1);
  });

  test('a post action that fails keeps the stage from being ready, and is a failure like any other', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, { post: [setIn('missing', {})], onFailure: [write('cleaned')] });
    await scene.settled('app', because('StageFailed'));
    assert.deepEqual(phasesOf(await scene.read('app')), { app: 'Failed' });
    assert.deepEqual(await journal(scene), ['cleaned']);
    assert.notEqual(await scene.find('ConfigMap', 'settings'), undefined);
  });

  test('run again for a new revision, and for nothing else that changes', async (t) => {
    const scene = await prepared(t);
    const pre = [write('one')];
    await rollWith(scene, { pre });
    await scene.settled('app', succeeded);
    await rollWith(scene, { pre: [{ ...write('one', 'edited'), timeout: '7m', retries: 3 }] }, { timeout: '3m' });
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['one']);
    const next = await scene.publish('app', [configMap('settings', { key: 'next' })]);
    await scene.settled('app', succeededWith(next));
    assert.deepEqual(await journal(scene), ['one', 'edited']);
    assert.equal((await scene.read('app')).status?.stages?.[0]?.ledgerRevision, next.artifact.revision);
  });

  test('run again for a revision that comes back, once another one was applied in between', async (t) => {
    const scene = await prepared(t);
    const publish = (rev: string, ...more: Parameters<typeof scene.publish>[1][number][]) =>
      scene.publish('app', [configMap('settings', { rev, traffic: 'off', once: 'not yet' }), ...more]);
    const first = await publish('1');
    const operations = [{ op: 'add', path: '/data/once', value: 'done' }];
    const once = { target: configMapNamed('settings'), type: 'json6902' as const, patch: JSON.stringify(operations) };
    const post = [setIn('settings', { traffic: 'on' }), { name: 'once', patch: once }];
    await rollWith(scene, { post }, { timeout: '1s' });
    await scene.settled('app', succeededWith(first));
    assert.deepEqual(await dataOf(scene, 'settings'), { rev: '1', traffic: 'on', once: 'done' });
    await publish('2', stuckDeployment('stuck'));
    await scene.settled('app', because('StageFailed'));
    const again = await publish('1');
    assert.equal(again.artifact.revision, first.artifact.revision);
    await scene.settled('app', succeededWith(again));
    assert.deepEqual(await dataOf(scene, 'settings'), { rev: '1', traffic: 'on', once: 'done' });
  });

  test('reconcile-stage runs one stage’s actions once more, and is recorded when that has succeeded', async (t) => {
    const scene = await prepared(t);
    const stages = ['app', 'web'].map((name) => ({
      name,
      sourceRef: { name: 'app' },
      path: name === 'app' ? './' : './web',
      actions: { pre: [write(name)], post: name === 'app' ? [setIn('other', { a: 'b' })] : [] },
    }));
    await scene.publishAs('app', {
      files: {
        'a.yaml': JSON.stringify(configMap('settings')),
        'web/b.yaml': JSON.stringify(configMap('web')),
        'kustomization.yaml': 'resources: [a.yaml]',
      },
    });
    await put(scene, configMap('other'));
    await scene.roll('app', { ...often, stages });
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['app', 'web']);

    await scene.api.delete({ ...configMapNamed('other'), namespace: scene.namespace });
    await scene.annotate('app', { [keys.reconcileStage]: 'app@first' });
    await scene.settled('app', because('StageFailed'));
    const stageOf = async () => (await scene.read('app')).status?.stages?.find(({ name }) => name === 'app');
    await delay(600); // fails again
    assert.equal((await stageOf())?.lastHandledReconcileAt, undefined);
    assert.equal((await stageOf())?.ledgerToken, 'first');
    assert.deepEqual(await journal(scene), ['app', 'web', 'app']);

    await put(scene, configMap('other'));
    await scene.settled('app', succeeded);
    await eventually(async () => assert.equal((await stageOf())?.lastHandledReconcileAt, 'first'));
    await scene.annotate('app', { [keys.reconcileStage]: null } as never);
    await delay(600);
    assert.deepEqual(await journal(scene), ['app', 'web', 'app']);
    assert.equal((await stageOf())?.ledgerToken, 'first');
  });

  test('a name that two hooks share is recorded with its hook', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, { pre: [write('same', 'pre'), write('own')], post: [write('same', 'post')] });
    await scene.settled('app', succeeded);
    assert.deepEqual(await executed(scene), ['pre/same', 'own', 'post/same']);
    await rollWith(scene, { post: [write('same', 'again')] });
    await scene.settled('app', succeeded);
    assert.deepEqual(await journal(scene), ['pre', 'own', 'post']);
  });

  test('a new revision ends a wait, and what was done before it is done for the new one', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, { pre: [write('one'), { name: 'hold', wait: { duration: '1h' } }] });
    await eventually(async () => assert.deepEqual(await executed(scene), ['one']));
    await rollWith(scene, { pre: [write('one'), { name: 'hold', wait: { duration: '0s' } }] });
    await scene.settled('app', succeeded, soon);
    assert.deepEqual(await journal(scene), ['one']);
    assert.ok((await scene.events('app')).some(({ reason }) => reason === 'Superseded'));
  });

  test('deleting a StageSet ends a wait', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, { post: [{ name: 'hold', wait: { duration: '1h' } }] });
    await eventually(async () => assert.notEqual(await scene.find('ConfigMap', 'settings'), undefined));
    await scene.remove('app');
    await scene.gone('app', soon);
  });

  test('write as the account of the StageSet', async (t) => {
    const scene = await prepared(t);
    await put(scene, configMap('theirs'));
    await put(scene, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'reader' },
      rules: [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch'] }],
    });
    await put(scene, {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'reader' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: scene.namespace }],
    });
    await rollWith(scene, { pre: [setIn('theirs', { a: 'b' })] }, { serviceAccountName: 'default' });
    const { message } = await scene.settled('app', because('StageFailed'));
    assert.match(message, /pre action "set": .*system:serviceaccount:\S+:default.* cannot patch resource "configmaps"/);
    assert.equal((await dataOf(scene, 'theirs'))?.a, undefined);
  });
});

test('a thousand StageSets that wait in an action hold up nobody', async (t) => {
  const scene = await startScene(t);
  await Promise.all([scene.controller(), scene.publish('app', [configMap('settings')])]);
  const readyMs = async (name: string): Promise<number> => {
    const startedAtMs = performance.now();
    await scene.publish(name, [deployment(name, { replicas: 0 })]);
    await scene.roll(name, oneStage(name));
    await scene.settled(name, succeeded);
    return performance.now() - startedAtMs;
  };
  const aloneMs = await readyMs('alone');
  const spec = oneStage('app', { actions: { pre: [{ name: 'hold', wait: { duration: '1h' } }] } });
  const names = Array.from({ length: 1_000 }, (_, i) => `waits-${i}`);
  for (let i = 0; i < names.length; i += 50)
    await Promise.all(names.slice(i, i + 50).map((name) => scene.roll(name, spec)));
  const { metrics } = await scene.controller();
  await eventually(async () => assert.match(await metrics(), /stageset_runs_waiting\{waiting_for="wait"\} 1000/), {
    timeoutMs: 60_000,
  });
  // They wait for an hour: whatever holds one up because of them holds up the next one too, and a busy machine does not.
  const tookMs = [await readyMs('beside-1'), await readyMs('beside-2'), await readyMs('beside-3')];
  assert.ok(Math.min(...tookMs) < 2_000 + 5 * aloneMs, `${tookMs} ms, alone ${aloneMs} ms`);
});
