import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import type { StageSet, StageSetSpec, UpdateWindow } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { decideWindows } from '../../src/shared/windows/decision.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import type { Published } from '../../tools/publisher/publisher.ts';
import {
  because,
  configMap,
  oneStage,
  phasesOf,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';

const closed: UpdateWindow = { type: 'Deny', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is Flux's, not ours
const greetingVariable = '${GREETING}';
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const closedForMs = (ms: number): UpdateWindow => ({ ...closed, to: inMs(ms) });

const appliedAt = ({ status }: StageSet) =>
  Object.fromEntries((status?.stages ?? []).map(({ name, appliedRevision }) => [name, appliedRevision]));

function held(...published: readonly Published[]) {
  const wanted = published.map(({ artifact }) => artifact.revision).toSorted();
  return (_ready: unknown, { status }: StageSet) =>
    Object.values(status?.pendingUpdate?.revisions ?? {})
      .toSorted()
      .join() === wanted.join();
}

async function deployed(scene: Scene, name: string, spec: StageSetSpec): Promise<void> {
  await scene.roll(name, spec);
  await scene.settled(name, succeeded);
}

async function stands(scene: Scene, name: string, key: string, value: string): Promise<void> {
  await eventually(async () => {
    const found = await scene.find<KubeObject>('ConfigMap', name);
    assert.equal((found?.data as Record<string, string> | undefined)?.[key], value);
  });
}

async function deferredEvents(scene: Scene, name: string) {
  return (await scene.events(name)).filter(({ reason }) => reason === 'UpdateDeferred');
}

describe('update windows', { concurrency: 4 }, () => {
  test('a first deploy waits for the window, and comes at its boundary', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const v1 = await scene.publish('app', [configMap('a')]);
    const window = closedForMs(4_000);
    await scene.roll('app', { ...oneStage('app'), updateWindows: [window] });
    const ready = await scene.settled('app', because('UpdateDeferred'));
    const { status } = await scene.read('app');
    assert.equal(ready.status, 'False');
    assert.match(ready.message, /^nothing is deployed yet: update windows hold back \S+\/app latest@sha256:\S+ until /);
    assert.deepEqual(Object.values(status?.pendingUpdate?.revisions ?? {}), [v1.artifact.revision]);
    const opens = Date.parse(status?.pendingUpdate?.nextWindowOpens ?? '');
    assert.ok(opens >= Date.parse(window.to ?? '') && opens - Date.parse(window.to ?? '') < 1_000);
    assert.equal(status?.lastAttemptedRevisions, undefined);
    assert.deepEqual(await scene.ownedBy('app'), []);

    await scene.settled('app', succeededWith(v1), { timeoutMs: 8_000 });
    assert.ok(Date.now() >= Date.parse(window.to ?? ''), 'not before the window opens');
    const after = await scene.read('app');
    assert.equal(after.status?.pendingUpdate, undefined);
    assert.deepEqual(
      (await deferredEvents(scene, 'app')).map(({ type }) => type),
      ['Normal'],
    );
  });

  test('a new revision is held, all else goes on, and update-now lets through what there is', async (t) => {
    const scene = await startScene(t);
    const controller = await scene.controller();
    const v1 = await scene.publish('app', [configMap('a', { rev: '1' }), configMap('b')]);
    await scene.publish('extra', [configMap('extra')]);
    await deployed(scene, 'shop', stagesOf('app', 'extra'));
    const frozen = { ...stagesOf('app', 'extra'), updateWindows: [closed] };
    await deployed(scene, 'shop', frozen);
    assert.equal((await scene.read('shop')).status?.pendingUpdate, undefined);

    const v2 = await scene.publish('app', [configMap('a', { rev: '2' }), configMap('c')]);
    const ready = await scene.settled('shop', held(v2));
    assert.deepEqual([ready.status, ready.reason], ['True', 'Succeeded']);
    assert.match(
      ready.message,
      /^All 2 stages applied; update windows hold back \S+\/app \S+ until 2099-01-01T00:00:00Z$/,
    );
    const { status } = await scene.read('shop');
    assert.equal(status?.lastAttemptedRevisions?.[`${scene.namespace}/app`], v1.artifact.revision);
    assert.equal(status?.lastAppliedRevisions?.[`${scene.namespace}/app`], v1.artifact.revision);
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/a', 'ConfigMap/b', 'ConfigMap/extra']);

    await scene.api.delete(scene.ref('ConfigMap', 'a')); // drift
    await stands(scene, 'a', 'rev', '1');

    // A spec change, to the revision that is held; a stage that has gone is pruned.
    const patch = JSON.stringify([{ op: 'add', path: '/data/patched', value: 'yes' }]);
    const patched = { name: 'app', sourceRef: { name: 'app' }, patches: [{ patch, target: { name: 'a' } }] };
    await deployed(scene, 'shop', { ...frozen, stages: [patched] });
    await stands(scene, 'a', 'patched', 'yes');
    await stands(scene, 'a', 'rev', '1');
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/a', 'ConfigMap/b']);

    const deferred = new RegExp(
      `^stageset_update_deferred_total\\{namespace="${scene.namespace}",name="shop"\\} 1$`,
      'm',
    );
    assert.match(await controller.metrics(), deferred, 'once a revision, however many runs hold it');
    await eventually(async () => assert.equal((await deferredEvents(scene, 'shop')).length, 1));

    await scene.annotate('shop', { [keys.updateNow]: 'token-1' });
    await scene.settled('shop', succeededWith(v2));
    await eventually(async () => {
      const { status: now } = await scene.read('shop');
      assert.equal(now?.lastHandledUpdateOverride, 'token-1');
      assert.equal(now?.pendingUpdate, undefined);
    });
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/a', 'ConfigMap/c']);

    const v3 = await scene.publish('app', [configMap('a', { rev: '3' })]);
    await scene.settled('shop', held(v3));
    await stands(scene, 'a', 'rev', '2');
    await scene.annotate('shop', { [keys.requestedAt]: 'now' });
    await eventually(async () => assert.equal((await scene.read('shop')).status?.lastHandledReconcileAt, 'now'));
    await stands(scene, 'a', 'rev', '2');
  });

  test('update-now lets a rollout through that takes several runs, and not the next one', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const greeting = configMap('greeting', { GREETING: 'hello' });
    const create = () =>
      scene.api.create({ ...(greeting as KubeObject), metadata: { name: 'greeting', namespace: scene.namespace } });
    const publish = async (rev: string) => [
      await scene.publish('db', [configMap('db', { rev })]),
      await scene.publish('web', [configMap('web', { rev, greeting: greetingVariable })]),
    ];
    await create();
    await publish('1');
    const [db, web] = stagesOf('db', 'web').stages;
    assert.ok(db && web);
    const substituteFrom = [{ kind: 'ConfigMap' as const, name: 'greeting' }];
    const spec = {
      ...stagesOf('db', 'web'),
      retryInterval: '1s',
      stages: [db, { ...web, postBuild: { substituteFrom } }],
    };
    await deployed(scene, 'shop', spec);
    await deployed(scene, 'shop', { ...spec, updateWindows: [closed] });
    const second = await publish('2');
    await scene.settled('shop', held(...second));

    await scene.api.delete(scene.ref('ConfigMap', 'greeting'));
    await scene.annotate('shop', { [keys.updateNow]: 'go' });
    await scene.settled(
      'shop',
      (ready, { status }) => ready.reason === 'StageFailed' && status?.lastHandledUpdateOverride === 'go',
    );
    await stands(scene, 'db', 'rev', '2');
    // The source of the second stage moves on meanwhile: that is another rollout.
    const later = await scene.publish('web', [configMap('web', { rev: '3', greeting: greetingVariable })]);
    await scene.settled('shop', held(later));
    await create();
    await scene.settled('shop', succeeded);
    await stands(scene, 'web', 'rev', '2');
    await scene.annotate('shop', { [keys.requestedAt]: 'now' });
    await eventually(async () => assert.equal((await scene.read('shop')).status?.lastHandledReconcileAt, 'now'));
    await stands(scene, 'web', 'rev', '2');
    await scene.settled('shop', held(later));
  });

  test('what a failed run has not reached is held; what it has, goes on', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('all', [configMap('shared', { rev: '1' })]);
    const two = (broken: boolean): StageSetSpec => ({
      ...oneStage('all'),
      stages: [
        { name: 'db', sourceRef: { name: 'all' }, patches: [renamed('db')] },
        {
          name: 'web',
          sourceRef: { name: 'all' },
          patches: [renamed('web')],
          ...(broken && { path: './gone' }),
        },
      ],
    });
    await deployed(scene, 'shop', two(false));
    const first = appliedAt(await scene.read('shop')).web;
    await scene.roll('shop', two(true));
    await scene.settled('shop', because('StageFailed'));
    const second = await scene.publish('all', [configMap('shared', { rev: '2' })]);
    await eventually(async () => assert.equal(appliedAt(await scene.read('shop')).db, second.artifact.revision));

    await scene.roll('shop', { ...two(false), updateWindows: [closed] });
    await scene.settled('shop', succeeded);
    const set = await scene.read('shop');
    assert.deepEqual(appliedAt(set), { db: second.artifact.revision, web: first });
    assert.ok(held(second)(undefined, set));
    await stands(scene, 'db', 'rev', '2');
    await stands(scene, 'web', 'rev', '1');
    await scene.api.delete(scene.ref('ConfigMap', 'db'));
    await stands(scene, 'db', 'rev', '2');

    await scene.roll('shop', { ...two(false), updateWindows: [] });
    await stands(scene, 'web', 'rev', '2');
    await scene.settled('shop', succeeded);
    const drift = (await scene.events('shop')).filter(
      ({ reason, note }) => reason === 'DriftCorrected' && note.includes('web'),
    );
    assert.deepEqual(drift, [], 'what was held comes as a rollout');
  });

  test('a stage that is new is held where its source is, the others go on', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    const fresh = await scene.publish('new', [configMap('n')]);
    await deployed(scene, 'shop', oneStage('app'));
    const { stages } = stagesOf('app', 'new');
    const spec = {
      ...oneStage('app'),
      stages: [{ ...stages[0], name: 'app' } as StageSetSpec['stages'][number], ...stages.slice(1)],
    };
    await scene.roll('shop', { ...spec, updateWindows: [closed] });
    const ready = await scene.settled('shop', because('UpdateDeferred'));
    assert.match(ready.message, /^nothing of stage "new" is deployed yet: update windows hold back \S+\/new /);
    assert.ok(held(fresh)(ready, await scene.read('shop')));
    await scene.api.delete(scene.ref('ConfigMap', 'a'));
    await eventually(async () => assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/a']));
    await scene.annotate('shop', { [keys.updateNow]: 'go' });
    await scene.settled('shop', succeeded);
    assert.deepEqual(await scene.ownedBy('shop'), ['ConfigMap/a', 'ConfigMap/n']);
  });

  test('under windowScope All nothing is applied at all until the window opens', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a', { rev: '1' })]);
    await deployed(scene, 'app', oneStage('app'));
    const spec: StageSetSpec = { ...oneStage('app'), windowScope: 'All', updateWindows: [closedForMs(5_000)] };
    await scene.roll('app', spec);
    const ready = await scene.settled('app', ({ message }) => message.includes('nothing is applied'));
    assert.deepEqual([ready.status, ready.reason], ['True', 'Succeeded']);
    assert.equal((await scene.read('app')).status?.pendingUpdate, undefined);
    await scene.api.delete(scene.ref('ConfigMap', 'a'));
    const v2 = await scene.publish('app', [configMap('a', { rev: '2' })]);
    await scene.settled('app', held(v2));
    assert.deepEqual(await scene.ownedBy('app'), []);
    await scene.settled('app', succeededWith(v2), { timeoutMs: 10_000 });
    await stands(scene, 'a', 'rev', '2');
  });

  test('a window that closes stops no run, and only what the windows let through supersedes one', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const stuck = await scene.publish('app', [stuckDeployment('web')]);
    const closing: UpdateWindow = { type: 'Allow', from: '2020-01-01T00:00:00Z', to: inMs(2_500) };
    await scene.roll('app', { ...oneStage('app'), timeout: '1h', updateWindows: [closing] });
    const verifying = () => eventually(async () => assert.equal(phasesOf(await scene.read('app')).app, 'Verifying'));
    await verifying();
    await new Promise((resolve) => setTimeout(resolve, Date.parse(closing.to ?? '') - Date.now() + 100));
    const fix = await scene.publish('app', [configMap('a')]);
    await scene.annotate('app', { [keys.requestedAt]: 'now' });
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await verifying();
    const superseded = async () => (await scene.events('app')).filter(({ reason }) => reason === 'Superseded');
    assert.deepEqual(await superseded(), []);
    assert.deepEqual(appliedAt(await scene.read('app')), { app: stuck.artifact.revision });

    await scene.annotate('app', { [keys.updateNow]: 'now' });
    await scene.settled('app', succeededWith(fix));
    await eventually(async () => assert.equal((await superseded()).length, 1));
  });

  test('the example is accepted, and does what its windows say', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    const path = new URL('../../examples/update-windows/freeze.yaml', import.meta.url);
    const { spec } = parse(await readFile(path, 'utf8')) as StageSet;
    await scene.roll('app', spec);
    const at = (now: string) => decideWindows(spec.updateWindows ?? [], Date.parse(now)).is;
    assert.deepEqual(['2026-12-23T17:00:00Z', '2026-12-26T17:00:00Z'].map(at), ['open', 'closed']);
    const { is } = decideWindows(spec.updateWindows ?? [], Date.now());
    await scene.settled('app', because(is === 'open' ? 'Succeeded' : 'UpdateDeferred'));
  });

  test('a run that waits with a held revision makes way when the windows open', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a', { rev: '1' })]);
    await deployed(scene, 'app', oneStage('app'));
    const checks = [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'b' }];
    const window = closedForMs(4_000);
    await scene.roll('app', {
      ...oneStage('app', { readyChecks: { checks } }),
      timeout: '1h',
      updateWindows: [window],
    });
    await eventually(async () => assert.equal(phasesOf(await scene.read('app')).app, 'Verifying'));
    const v2 = await scene.publish('app', [configMap('a', { rev: '2' }), configMap('b')]);
    await stands(scene, 'a', 'rev', '1');
    await scene.settled('app', succeededWith(v2), { timeoutMs: 10_000 });
  });
});

function renamed(name: string) {
  const patch = JSON.stringify([{ op: 'replace', path: '/metadata/name', value: name }]);
  return { patch, target: { kind: 'ConfigMap' } };
}
