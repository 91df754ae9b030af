import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Action, StageActions } from '../../../src/shared/api/types.ts';
import { keys } from '../../../src/shared/labels.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import { eventually } from '../../../tools/control-plane/eventually.ts';
import { because, configMap, deployment, oneStage, type Scene, startScene, succeeded } from '../../harness/scene.ts';
import { configMapNamed, dataOf, executed, journal, put, putJournal, rollWith, setIn, write } from './scene.ts';

const often = { interval: '200ms', retryInterval: '200ms' };

async function prepared(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  await Promise.all([scene.controller(), scene.publish('app', [configMap('settings')])]);
  return scene;
}

async function messageOf(scene: Scene, actions: StageActions): Promise<string> {
  await rollWith(scene, actions);
  return (await scene.settled('app', because('StageFailed'))).message;
}

describe('patch', { concurrency: 4 }, () => {
  test('is strategic where the kind knows how, a merge where it does not', async (t) => {
    const scene = await prepared(t);
    await put(scene, deployment('web', { replicas: 0 }));
    await put(scene, {
      apiVersion: 'stages.metio.wtf/v1',
      kind: 'StageSet',
      metadata: { name: 'custom' },
      spec: { ...oneStage('none'), suspend: true },
    });
    const sidecar = {
      spec: { template: { spec: { containers: [{ name: 'app', env: [{ name: 'A', value: 'b' }] }] } } },
    };
    await rollWith(scene, {
      pre: [
        {
          name: 'strategic',
          patch: { target: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, patch: JSON.stringify(sidecar) },
        },
        {
          name: 'merge',
          patch: {
            target: { apiVersion: 'stages.metio.wtf/v1', kind: 'StageSet', name: 'custom' },
            type: 'merge',
            patch: 'spec:\n  timeout: 7m\n',
          },
        },
      ],
    });
    await scene.settled('app', succeeded);
    const web = await scene.find<KubeObject & { spec: { template: { spec: { containers: object[] } } } }>(
      'Deployment',
      'web',
    );
    assert.partialDeepStrictEqual(web?.spec.template.spec.containers, [
      { name: 'app', image: 'example/app:1', env: [{ name: 'A', value: 'b' }] },
    ]);
    const writer = web?.metadata.managedFields?.find(({ manager }) => manager === 'stageset-controller-action');
    assert.equal(writer?.operation, 'Update');
    assert.equal((await scene.read('custom')).spec.timeout, '7m');
  });

  test('by JSON patch marks what it has changed, also where it takes the annotations away', async (t) => {
    const scene = await prepared(t);
    await putJournal(scene);
    await put(scene, { ...configMap('bare'), metadata: { name: 'bare', annotations: { a: 'b' } } });
    const operations = [
      { op: 'test', path: '/data/key', value: 'value' },
      { op: 'remove', path: '/metadata/annotations' },
    ];
    const clear: Action = {
      name: 'clear',
      patch: { target: configMapNamed('bare'), type: 'json6902', patch: JSON.stringify(operations) },
    };
    await rollWith(scene, { pre: [write('one'), write('two'), clear] });
    await scene.settled('app', succeeded);
    const { uid, revision } = {
      uid: (await scene.read('app')).metadata.uid,
      revision: (await scene.read('app')).status?.stages?.[0]?.ledgerRevision,
    };
    const found = await scene.find('Deployment', 'journal');
    assert.equal(found?.metadata.annotations?.[keys.actionKey], `${uid}/app/pre/two/${revision}`);
    const bare = await scene.find('ConfigMap', 'bare');
    assert.deepEqual(bare?.metadata.annotations, { [keys.actionKey]: `${uid}/app/pre/clear/${revision}` });
    assert.deepEqual(await journal(scene), ['one', 'two']);
  });

  test('that cannot be done fails the stage and says why', async (t) => {
    const scene = await prepared(t);
    await put(scene, deployment('web', { replicas: 0 }));
    const target = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
    const refused = (patch: string, type: 'merge' | 'json6902' = 'merge') =>
      messageOf(scene, { pre: [{ name: 'x', patch: { target, type, patch } }] });
    assert.match(await refused('{"spec":{"replicas":-1}}'), /Deployment \S+\/web: .*spec\.replicas: Invalid value: -1/);
    assert.match(
      await refused('[{"op":"test","path":"/spec/paused","value":true}]', 'json6902'),
      /Deployment \S+\/web: /,
    );
    const noKind = { apiVersion: 'x.io/v1', kind: 'Widget', name: 'w' };
    assert.match(
      await messageOf(scene, { pre: [{ name: 'x', patch: { target: noKind, patch: '{}' } }] }),
      /the cluster has no kind Widget in x\.io\/v1/,
    );
  });

  test('of a Secret tells no value', async (t) => {
    const scene = await prepared(t);
    await put(scene, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' }, data: {} });
    const target = { apiVersion: 'v1', kind: 'Secret', name: 'keys' };
    const message = await messageOf(scene, {
      pre: [{ name: 'x', patch: { target, patch: '{"data":{"a b":"c2VjcmV0"}}' } }],
    });
    assert.match(message, /Secret \S+\/keys: refused \(Invalid\)/);
    assert.ok(!message.includes('c2VjcmV0') && !message.includes('a b'), message);
  });

  test('of an object of the StageSet stays until its manifest changes; what is applied later is applied in full', async (t) => {
    const scene = await prepared(t);
    await scene.publish('app', [configMap('settings', { key: 'value', other: 'value' })]);
    await rollWith(scene, { pre: [], post: [setIn('settings', { key: 'patched' })] }, often);
    await scene.settled('app', succeeded);
    await delay(1_000); // some intervals, and a watch that would tell of drift
    assert.equal((await dataOf(scene, 'settings'))?.key, 'patched');
    assert.ok(!(await scene.events('app')).some(({ reason }) => reason === 'DriftCorrected'));

    await scene.api.patch(scene.ref('ConfigMap', 'settings'), { data: { other: 'by hand' } });
    await eventually(async () => assert.deepEqual(await dataOf(scene, 'settings'), { key: 'value', other: 'value' }));

    await rollWith(scene, { pre: [{ ...setIn('settings', { key: 'for a while' }, 'before') }] }, often);
    await eventually(async () => assert.ok((await executed(scene))?.includes('before')));
    await scene.settled('app', succeeded);
    await eventually(async () => assert.equal((await dataOf(scene, 'settings'))?.key, 'value'));
  });

  test('of another StageSet’s object is drift there, told by the name that actions write as', async (t) => {
    const scene = await prepared(t);
    await scene.publish('theirs', [configMap('theirs')]);
    await scene.roll('other', oneStage('theirs'));
    await scene.settled('other', succeeded);
    await rollWith(scene, { pre: [setIn('theirs', { key: 'patched' })] }, often);
    await scene.settled('app', succeeded);
    await eventually(async () => {
      assert.equal((await dataOf(scene, 'theirs'))?.key, 'value');
      const told = (await scene.events('other')).find(({ reason }) => reason === 'DriftCorrected');
      assert.match(told?.note ?? '', /ConfigMap \S+\/theirs \(last written by stageset-controller-action\)/);
    });
  });
});

describe('wait', { concurrency: 4 }, () => {
  test('by expression goes on as soon as it holds', async (t) => {
    const scene = await prepared(t);
    const held: Action = { name: 'held', wait: { target: configMapNamed('canary'), expr: 'data.healthy == "yes"' } };
    await rollWith(scene, { pre: [held] });
    await delay(300);
    await put(scene, configMap('canary', { healthy: 'no' }));
    await delay(300);
    assert.equal(await scene.find('ConfigMap', 'settings'), undefined);
    await scene.api.patch(scene.ref('ConfigMap', 'canary'), { data: { healthy: 'yes' } });
    await scene.settled('app', succeeded, { timeoutMs: 15_000 });
  });

  test('ends with its timeout, the shorter one, and says what it saw', async (t) => {
    const scene = await prepared(t);
    await put(scene, configMap('canary', { healthy: 'no' }));
    const wait = { target: configMapNamed('canary'), timeout: '300ms' };
    const message = await messageOf(scene, {
      pre: [{ name: 'x', timeout: '1h', wait: { ...wait, expr: 'data.healthy == "yes"' } }],
    });
    assert.match(
      message,
      /pre action "x": not done within 300ms: waiting for ConfigMap \S+\/canary \(none of its expressions is true\)/,
    );
    const errs = await messageOf(scene, { pre: [{ name: 'y', wait: { ...wait, expr: 'data.nothing == "yes"' } }] });
    assert.match(errs, /canary \(its current expression has no answer: no such key in data\.nothing\)/);
  });

  test('by duration takes as long as it says, and counts on in a run that follows', async (t) => {
    const scene = await prepared(t);
    const startedAtMs = performance.now();
    const hold: Action = { name: 'hold', wait: { duration: '2s' } };
    await rollWith(scene, { pre: [hold] });
    await delay(1_200);
    await rollWith(scene, { pre: [hold] }, { timeout: '3m' });
    await scene.settled('app', succeeded);
    const tookMs = performance.now() - startedAtMs;
    assert.ok(tookMs >= 2_000 && tookMs < 3_100, `${tookMs} ms`);
  });
});

describe('delete', { concurrency: 4 }, () => {
  const remove = (name: string): Action => ({ name: `drop-${name}`, delete: { target: configMapNamed(name) } });

  test('counts a missing object, and one of a kind that the cluster lacks, as deleted', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, {
      pre: [remove('missing'), { name: 'x', delete: { target: { apiVersion: 'x.io/v1', kind: 'Widget', name: 'w' } } }],
    });
    await scene.settled('app', succeeded);
    assert.deepEqual(await executed(scene), ['drop-missing', 'x']);
  });

  test('waits until the object is gone', async (t) => {
    const scene = await prepared(t);
    await put(scene, { ...configMap('held'), metadata: { name: 'held', finalizers: ['example.com/hold'] } });
    await rollWith(scene, { pre: [remove('held')] });
    await eventually(async () => assert.ok((await scene.find('ConfigMap', 'held'))?.metadata.deletionTimestamp));
    await delay(300);
    assert.equal(await scene.find('ConfigMap', 'settings'), undefined);
    await scene.api.patch(scene.ref('ConfigMap', 'held'), { metadata: { finalizers: null } });
    await scene.settled('app', succeeded, { timeoutMs: 15_000 });
    assert.equal(await scene.find('ConfigMap', 'held'), undefined);
  });

  test('of an object of the stage makes way for the one that the stage brings', async (t) => {
    const scene = await prepared(t);
    await rollWith(scene, {}, often);
    await scene.settled('app', succeeded);
    const before = await scene.find('ConfigMap', 'settings');
    await rollWith(scene, { pre: [remove('settings')] }, often);
    await scene.settled('app', succeeded);
    const after = await scene.find('ConfigMap', 'settings');
    assert.ok(after !== undefined && after.metadata.uid !== before?.metadata.uid);
  });
});
