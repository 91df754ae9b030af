import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import type { StageSet, StageSetStatus } from '../../src/shared/api/types.ts';
import { runKubectl } from '../harness/kubectl.ts';
import { configMap, oneStage, type Scene, stagesOf, startScene, succeeded } from '../harness/scene.ts';
import { stagesetctlAt } from '../harness/stagesetctl.ts';

function kubectlAt({ plane, namespace }: Scene) {
  const connection = ['--kubeconfig', plane.kubeconfigPath, '--cache-dir', join(plane.dir, 'kubectl'), '-n', namespace];
  return (...args: readonly string[]) => runKubectl(plane.toolset.binary('kubectl'), [...args, ...connection]);
}

const since = '2026-06-15T09:30:00Z';

/** A StageSet whose status no controller writes. */
async function withStatus(
  scene: Scene,
  name: string,
  status: StageSetStatus,
  stages = ['db', 'web'],
): Promise<StageSet> {
  await scene.roll(name, { ...stagesOf(...stages), suspend: true });
  return scene.api.patch<StageSet>(scene.ref('StageSet', name), { status }, { subresource: 'status' });
}

function ready(status: 'True' | 'False', reason: string, message = ''): StageSetStatus {
  return { conditions: [{ type: 'Ready', status, reason, message, lastTransitionTime: since }] };
}

const phases = (...all: readonly ('Ready' | 'Failed')[]) =>
  all.map((phase, i) => ({ name: ['db', 'web'][i] ?? '', phase }));

test('a list tells ready, reason, stages, version and what is held', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const ctl = stagesetctlAt(scene);
  assert.deepEqual(await ctl('get'), { code: 0, stdout: 'No StageSets found.\n', stderr: '' });
  await withStatus(scene, 'payments', {
    ...ready('True', 'Succeeded', 'All 2 stages applied'),
    version: '2.1.0',
    stages: phases('Ready', 'Ready'),
    pendingUpdate: { revisions: { 'x/db': 'v2' }, nextWindowOpens: since },
  });
  await withStatus(scene, 'web', { ...ready('False', 'StageFailed', 'no'), stages: phases('Ready', 'Failed') });
  await scene.roll('young', { ...oneStage('none'), suspend: true }, {});
  const { stdout, stderr, code } = await ctl('get');
  assert.deepEqual([code, stderr], [0, '']);
  assert.equal(
    stdout,
    [
      'NAME      READY    REASON       STAGES  VERSION  PENDING',
      'payments  True     Succeeded    2/2     2.1.0    held until 2026-06-15T09:30:00Z',
      'web       False    StageFailed  1/2     -        -',
      'young     Unknown  -            0/1     -        -',
      '',
    ].join('\n'),
  );
  const all = (await ctl('get', '-A', '-o', 'wide')).stdout.split('\n');
  assert.match(all[0] ?? '', /^NAMESPACE +NAME +READY +REASON +STAGES +VERSION +PENDING +AGE +MESSAGE$/);
  const line = all.find((each) => each.startsWith(`${namespace} `) && each.includes(' payments '));
  assert.match(line ?? '', / held until 2026-06-15T09:30:00Z +\d+s +All 2 stages applied$/);
});

test('labels select', async (t) => {
  const scene = await startScene(t);
  const ctl = stagesetctlAt(scene);
  for (const name of ['one', 'two']) await scene.roll(name, { ...oneStage('none'), suspend: true });
  await scene.api.patch(scene.ref('StageSet', 'two'), { metadata: { labels: { team: 'b' } } });
  const { stdout } = await ctl('get', '-l', 'team=b');
  assert.deepEqual(
    stdout.split('\n').map((line) => line.split(' ')[0]),
    ['NAME', 'two', ''],
  );
  for (const bad of ['team in', 'a in (', '=', 'a=b=c']) {
    const { code, stdout: nothing, stderr } = await ctl('get', '-l', bad);
    assert.deepEqual([code, nothing], [2, '']);
    assert.match(
      stderr,
      new RegExp(`^stagesetctl: -l "${RegExp.escape(bad)}" is no label selector such as team=payments: .+\\n$`),
    );
  }
});

test('what the controller has done is to be read in detail, and as data as kubectl prints it', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const ctl = stagesetctlAt(scene);
  await scene.controller();
  const { artifact } = await scene.publish('app', [configMap('a'), configMap('b')]);
  await scene.roll('shop', { ...oneStage('app'), version: { value: '2.1.0' } });
  await scene.settled('shop', succeeded);
  const { stdout, stderr, code } = await ctl('get', 'shop');
  assert.deepEqual([code, stderr], [0, '']);
  const message = (await scene.read('shop')).status?.conditions?.[0]?.message;
  assert.equal(
    stdout,
    [
      'Name:       shop',
      `Namespace:  ${namespace}`,
      'Ready:      True (Succeeded)',
      `Message:    ${message}`,
      'Version:    2.1.0',
      'Stages:',
      `  NAME  PHASE  ${'REVISION'.padEnd(artifact.revision.length)}  ENTRIES`,
      `  app   Ready  ${artifact.revision}  2`,
      '',
    ].join('\n'),
  );
  await scene.atRest('shop');
  for (const format of ['yaml', 'json'] as const) {
    const kubectl = (...what: readonly string[]) =>
      kubectlAt(scene)('get', 'stagesets.stages.metio.wtf', ...what, '-o', format);
    assert.equal((await ctl('get', 'shop', '-o', format)).stdout, await kubectl('shop'));
    assert.equal((await ctl('get', '-o', format)).stdout, await kubectl());
  }
});

test('what contradicts itself is wrong usage', async (t) => {
  const ctl = stagesetctlAt(await startScene(t));
  for (const [args, says] of [
    [['shop', '-A'], '-A lists, and "shop" is one: give its namespace with -n instead'],
    [['shop', '-l', 'a=b'], '-l lists, and "shop" is one: leave one of them out'],
    [
      ['-o', 'xml'],
      "option '-o, --output <format>' argument 'xml' is invalid. Allowed choices are json, yaml, wide: see --help",
    ],
    [['a', 'b'], "too many arguments for 'get'. Expected 1 argument but got 2: see --help"],
  ] as const) {
    const { code, stdout, stderr } = await ctl('get', ...args);
    assert.deepEqual({ code, stdout, stderr }, { code: 2, stdout: '', stderr: `stagesetctl: ${says}\n` });
  }
});
