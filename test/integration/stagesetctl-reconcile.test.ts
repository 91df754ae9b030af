import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageSet, UpdateWindow } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { grantUser } from '../harness/remote.ts';
import {
  because,
  configMap,
  oneStage,
  phasesOf,
  type Scene,
  startScene,
  stuckDeployment,
  succeeded,
} from '../harness/scene.ts';
import { type Ended, stagesetctlAt } from '../harness/stagesetctl.ts';

const TOKEN = /^Reconcile requested for StageSet shop \(token (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{3})?Z)\)\n/;
const closed: UpdateWindow = { type: 'Deny', from: '2020-01-01T00:00:00Z', to: '2099-01-01T00:00:00Z' };

function tokenIn({ stdout, stderr }: Ended): string {
  const [, token] = TOKEN.exec(stdout) ?? [];
  assert.ok(token, `${stdout}${stderr}`);
  return token;
}

async function startShop(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [configMap('a')]);
  await scene.roll('shop', oneStage('app'));
  await scene.settled('shop', succeeded);
  return scene;
}

describe('stagesetctl reconcile', { concurrency: 3 }, () => {
  test('it stamps the annotation, and with --wait tells how the run has ended', async (t) => {
    const scene = await startShop(t);
    const ctl = stagesetctlAt(scene);
    const asked = await ctl('reconcile', 'shop');
    const token = tokenIn(asked);
    assert.deepEqual(asked, {
      code: 0,
      stdout: `Reconcile requested for StageSet shop (token ${token})\n`,
      stderr: '',
    });
    assert.deepEqual((await scene.read('shop')).metadata.annotations?.[keys.requestedAt], token);

    const waited = await ctl('reconcile', 'shop', '--wait');
    const { status } = await scene.read('shop');
    assert.equal(status?.lastHandledReconcileAt, tokenIn(waited));
    const message = status?.conditions?.[0]?.message;
    assert.deepEqual([waited.code, waited.stderr], [0, '']);
    assert.equal(waited.stdout.split('\n')[1], `Succeeded: ${message}`);
  });

  test('a run that fails ends with 3, and one that takes too long says where it is', async (t) => {
    const scene = await startScene(t);
    const ctl = stagesetctlAt(scene);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('web')]);
    await scene.roll('shop', { ...oneStage('app'), timeout: '20s' });
    await eventually(async () => assert.equal(phasesOf(await scene.read('shop')).app, 'Verifying'));
    const late = await ctl('reconcile', 'shop', '--wait', '--timeout', '2s');
    assert.equal(late.code, 3);
    assert.equal(late.stdout.split('\n').length, 2);
    const followIt = `it goes on by itself, follow it with stagesetctl watch shop -n ${scene.namespace}`;
    assert.match(
      late.stderr,
      /^stagesetctl: StageSet \S+\/shop did not get there within 2s \(stage app: Verifying, .*\): /,
    );
    assert.ok(late.stderr.endsWith(`: ${followIt}\n`), late.stderr);

    const failed = await ctl('reconcile', 'shop', '--wait');
    assert.equal(failed.code, 3);
    assert.match(failed.stderr, /^stagesetctl: StageSet \S+\/shop is not ready: StageFailed: stage "app".*\n$/);
  });

  test('a suspended one is an error, unless forced', async (t) => {
    const scene = await startShop(t);
    const ctl = stagesetctlAt(scene);
    assert.deepEqual(await ctl('suspend', 'shop'), { code: 0, stdout: 'StageSet shop suspended\n', stderr: '' });
    await scene.settled('shop', because('Suspended'));
    assert.equal((await ctl('suspend', 'shop')).stdout, 'StageSet shop is suspended already\n');
    const what = `StageSet ${scene.namespace}/shop is suspended`;
    assert.deepEqual(await ctl('reconcile', 'shop'), {
      code: 3,
      stdout: '',
      stderr: `stagesetctl: ${what}: resume it with stagesetctl resume shop -n ${scene.namespace}, or run it once with --force\n`,
    });
    assert.equal((await scene.read('shop')).metadata.annotations?.[keys.requestedAt], undefined);

    const forced = await ctl('reconcile', 'shop', '--force', '--wait');
    assert.deepEqual([forced.code, forced.stderr], [0, '']);
    const { metadata, status } = await scene.read('shop');
    assert.equal(metadata.annotations?.[keys.forceAt], tokenIn(forced));
    assert.equal(status?.lastHandledReconcileAt, tokenIn(forced));

    assert.deepEqual(await ctl('resume', 'shop'), { code: 0, stdout: 'StageSet shop resumed\n', stderr: '' });
    await scene.settled('shop', succeeded);
    assert.equal((await ctl('resume', 'shop')).stdout, 'StageSet shop is not suspended\n');
  });

  test('--stage runs its actions again, and names only stages that there are', async (t) => {
    const scene = await startShop(t);
    const ctl = stagesetctlAt(scene);
    const ended = await ctl('reconcile', 'shop', '--stage', 'app', '--wait');
    assert.equal(ended.code, 0);
    const { metadata, status } = await scene.read('shop');
    assert.equal(metadata.annotations?.[keys.reconcileStage], `app@${tokenIn(ended)}`);
    assert.equal(status?.stages?.[0]?.lastHandledReconcileAt, tokenIn(ended));
    const unknown = await ctl('reconcile', 'shop', '--stage', 'web');
    const says = '--stage names a stage "web", and the StageSet has only: app';
    assert.deepEqual(unknown, { code: 2, stdout: '', stderr: `stagesetctl: ${says}\n` });
    assert.equal((await ctl('reconcile', 'shop', '--stage', 'app', '--stage', 'app')).code, 2);
  });

  test('--update-now lets through what a window holds', async (t) => {
    const scene = await startShop(t);
    await scene.roll('shop', { ...oneStage('app'), updateWindows: [closed] });
    await scene.settled('shop', succeeded);
    const { artifact } = await scene.publish('app', [configMap('a', { key: 'new' })]);
    await eventually(async () => assert.ok((await scene.read('shop')).status?.pendingUpdate));
    const ended = await stagesetctlAt(scene)('reconcile', 'shop', '--update-now', '--wait');
    assert.equal(ended.code, 0);
    const { status } = await scene.read('shop');
    assert.deepEqual(Object.values(status?.lastAppliedRevisions ?? {}), [artifact.revision]);
    assert.equal(status?.lastHandledUpdateOverride, tokenIn(ended));
  });

  test('--with-source asks sources and producers first; what cannot be asked is a warning', async (t) => {
    const scene = await startShop(t);
    const { api, namespace } = scene;
    // A ConfigMap stands for a producer: it takes annotations like any other.
    const producer = { apiVersion: 'v1', kind: 'ConfigMap', name: 'generator' };
    await api.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'generator', namespace } });
    await scene.publishAs('made', {
      files: { 'a.json': JSON.stringify(configMap('b')) },
      spec: { sourceRef: producer },
    });
    const stages = [
      { name: 'app', sourceRef: { name: 'app' } },
      { name: 'made', sourceRef: { name: 'made' } },
      { name: 'again', path: './', sourceRef: { name: 'app' } },
      { name: 'git', sourceRef: { kind: 'GitRepository', name: 'gone' } },
      { name: 'odd', sourceRef: { apiVersion: 'nowhere.example/v1', kind: 'Nothing', name: 'odd' } },
    ];
    await scene.roll('shop', { ...oneStage('app'), stages });
    const ended = await stagesetctlAt(scene)('reconcile', 'shop', '--with-source');
    const token = tokenIn(ended);
    assert.equal(ended.code, 0);
    const stampOf = (object: Pick<KubeObject, 'metadata'> | undefined) =>
      object?.metadata.annotations?.[keys.requestedAt];
    for (const name of ['app', 'made']) assert.equal(stampOf(await scene.find('ExternalArtifact', name)), token);
    assert.equal(stampOf(await scene.find('ConfigMap', 'generator')), token);
    assert.equal(stampOf((await scene.read('shop')) as StageSet), token);
    const warnings = ended.stderr.split('\n').toSorted();
    const unasked = (what: string) => `stagesetctl: warning: ${what} could not be asked for anything newer: `;
    assert.equal(warnings.length, 3);
    assert.ok(warnings[1]?.startsWith(unasked(`GitRepository ${namespace}/gone`)), ended.stderr);
    assert.ok(warnings[2]?.startsWith(unasked(`Nothing ${namespace}/odd`)), ended.stderr);
  });

  test('who may read and not write is told which grant is missing', async (t) => {
    const scene = await startShop(t);
    const readStageSets = { group: 'stages.metio.wtf', resources: ['stagesets'], verbs: ['get', 'list', 'watch'] };
    await grantUser(scene.api, scene.namespace, 'reader', [readStageSets]);
    await eventually(async () => assert.equal((await stagesetctlAt(scene)('get', 'shop', '--as', 'reader')).code, 0));
    const { code, stdout, stderr } = await stagesetctlAt(scene)('reconcile', 'shop', '--as', 'reader');
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, /User "reader" cannot patch resource "stagesets".*: ask for this grant/);
  });
});
