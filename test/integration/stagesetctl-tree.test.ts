import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { ask } from '../harness/next-command.ts';
import { grantUser } from '../harness/remote.ts';
import {
  configMap,
  deployment,
  oneStage,
  type Scene,
  stagesOf,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';
import { sentRequests } from '../harness/sent-requests.ts';

/** Without what differs from run to run. */
function plain(text: string): string {
  return text
    .replaceAll(/(ReplicaSet|Pod) web(-[a-z0-9]+)+/g, '$1 web-…')
    .replaceAll(/ {2,}/g, '  ')
    .replaceAll(/sha256:\w+/g, 'sha256:…');
}

async function startShop(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('db', [configMap('settings')]);
  await scene.publish('web', [deployment('web'), configMap('pages')]);
  await scene.roll('shop', stagesOf('db', 'web'));
  await scene.settled('shop', succeeded);
  return scene;
}

describe('tree', { concurrency: 4 }, () => {
  test('stages, objects, and what those own down to pods', async (t) => {
    const scene = await startShop(t);
    const { code, stdout, stderr } = await ask(scene, 'tree', 'shop');
    assert.deepEqual([code, stderr], [0, '']);
    const { status } = await scene.read('shop');
    const [db, web] = (status?.stages ?? []).map(({ appliedRevision = '' }) => appliedRevision);
    assert.equal(
      plain(stdout),
      plain(
        [
          `StageSet ${scene.namespace}/shop  Ready  All 2 stages applied`,
          `├─ Stage db  Ready  ${db}`,
          '│  └─ ConfigMap settings  Current',
          `└─ Stage web  Ready  ${web}`,
          '  ├─ ConfigMap pages  Current',
          '  └─ Deployment web  Current',
          '  └─ ReplicaSet web-…  Current',
          '  └─ Pod web-…  Current',
          '',
        ].join('\n'),
      ),
    );
  });

  test('one stage, and as deep as asked for', async (t) => {
    const scene = await startShop(t);
    const one = await ask(scene, 'tree', 'shop', '--stage', 'web', '--depth', '2');
    assert.match(one.stdout, /Deployment web +Current\n$/);
    assert.doesNotMatch(one.stdout, /Stage db|ReplicaSet/);
    const stages = await ask(scene, 'tree', 'shop', '--depth', '1');
    assert.deepEqual(stages.stdout.trimEnd().split('\n').length, 3);
    const deeper = await ask(scene, 'tree', 'shop', '--depth', '3');
    assert.match(deeper.stdout, /ReplicaSet/);
    assert.doesNotMatch(deeper.stdout, /Pod/);
    const none = await ask(scene, 'tree', 'shop', '--stage', 'cache');
    assert.deepEqual(
      [none.code, none.stderr],
      [2, 'stagesetctl: --stage names a stage "cache", and the StageSet has only: db, web\n'],
    );
    assert.equal((await ask(scene, 'tree', 'shop', '--depth', '0')).code, 2);
  });

  test('for programs', async (t) => {
    const scene = await startShop(t);
    const { stdout } = await ask(scene, 'tree', 'shop', '-o', 'json');
    const { kind, ready, stages } = JSON.parse(stdout);
    assert.deepEqual([kind, ready], ['StageSet', 'True']);
    assert.deepEqual(
      stages.map(({ name, phase }: { readonly name: string; readonly phase: string }) => [name, phase]),
      [
        ['db', 'Ready'],
        ['web', 'Ready'],
      ],
    );
    assert.deepEqual(stages[0].objects, [
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: scene.namespace, name: 'settings', status: 'Current' },
    ]);
    assert.equal(stages[1].objects[1].children[0].children[0].kind, 'Pod');
    const yaml = await ask(scene, 'tree', 'shop', '-o', 'yaml');
    assert.match(yaml.stdout, /^ {4}kind: ConfigMap$/m);
  });

  test('what is not as it should be: not ready, gone, going', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('gone'), configMap('kept'), stuckDeployment('web')]);
    await scene.roll('shop', { ...oneStage('app', { readyChecks: { disableWait: true } }) });
    await scene.settled('shop', succeeded);
    await scene.roll('shop', { ...oneStage('app', { readyChecks: { disableWait: true } }), suspend: true });
    await scene.api.patch(scene.ref('ConfigMap', 'kept'), { metadata: { finalizers: ['example.test/hold'] } });
    await eventually(async () => {
      assert.match((await ask(scene, 'tree', 'shop')).stdout, /^StageSet \S+ +Suspended/);
    });
    await scene.api.delete(scene.ref('ConfigMap', 'gone'));
    await scene.api.delete(scene.ref('ConfigMap', 'kept'));
    await eventually(async () => {
      const { stdout } = await ask(scene, 'tree', 'shop');
      assert.match(stdout, /ConfigMap gone +NotFound +it is not there$/m);
      assert.match(stdout, /ConfigMap kept +Terminating/);
      assert.match(stdout, /Deployment web +InProgress +Available: 0\/1$/m);
      assert.match(
        stdout,
        /Pod web-\S+ +(InProgress +Pod has not been scheduled|Failed +Pod could not be scheduled)$/m,
      );
    });
    await scene.api.patch(scene.ref('ConfigMap', 'kept'), { metadata: { finalizers: null } });
  });

  test('500 objects, in few requests', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const maps = Array.from({ length: 480 }, (_, i) => configMap(`map-${i}`));
    const workloads = Array.from({ length: 20 }, (_, i) => deployment(`web-${i}`));
    await scene.publish('app', [...maps, ...workloads]);
    await scene.roll('shop', oneStage('app'));
    await scene.settled('shop', succeeded, { timeoutMs: 120_000 });
    const beganMs = performance.now();
    const { stdout } = await ask(scene, 'tree', 'shop', '-o', 'json');
    t.diagnostic(`${Math.round(performance.now() - beganMs)} ms`);
    const { objects } = JSON.parse(stdout).stages[0];
    const pods = objects.flatMap(({ children = [] }) =>
      children.flatMap((set: { children?: [] }) => set.children ?? []),
    );
    assert.deepEqual([objects.length, pods.length], [500, 20]);
    const asked = await sentRequests(scene.plane.auditLogPath ?? '', scene.namespace, 'stagesetctl');
    // The StageSet, its inventories, two pages of ConfigMaps, one each of Deployments, ReplicaSets and Pods.
    assert.ok(asked.length > 0 && asked.length <= 8, `${asked.length} requests`);
  });

  test('who may read nothing below the StageSet is told so', async (t) => {
    const scene = await startShop(t);
    const readStageSets = { group: 'stages.metio.wtf', resources: ['*'], verbs: ['get', 'list'] };
    await grantUser(scene.api, scene.namespace, 'ann', [readStageSets]);
    await eventually(async () => {
      const { code, stdout } = await ask(scene, 'tree', 'shop', '--as', 'ann');
      assert.equal(code, 0);
      assert.match(stdout, /Deployment web +Unread +you may not look at it$/m);
      assert.match(stdout, /\n\nNot all could be looked at: you may not list \w+ in namespace \S+, you may not list /);
    });
  });
});
