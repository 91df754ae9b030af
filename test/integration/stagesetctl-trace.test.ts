import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { ask } from '../harness/next-command.ts';
import { configMap, deployment, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';

async function startShop(t: Parameters<typeof startScene>[0]): Promise<Scene> {
  const scene = await startScene(t);
  await scene.controller();
  await scene.publish('app', [deployment('web'), configMap('settings')]);
  await scene.roll('shop', oneStage('app'));
  await scene.settled('shop', succeeded);
  return scene;
}

describe('trace', { concurrency: 4 }, () => {
  test('an object of a stage: who put it up, from what, and when', async (t) => {
    const scene = await startShop(t);
    const { namespace } = scene;
    const { code, stdout, stderr } = await ask(scene, 'trace', 'configmap/settings');
    assert.deepEqual([code, stderr], [0, '']);
    const revision = (await scene.read('shop')).status?.stages?.[0]?.appliedRevision;
    const [applied = '', ...others] = stdout.split('\n').toReversed().filter(Boolean);
    assert.deepEqual(others.toReversed(), [
      `Object:        ConfigMap ${namespace}/settings`,
      `StageSet:      ${namespace}/shop`,
      'Stage:         app (Ready)',
      `Revision:      ${revision}`,
      `Source:        ExternalArtifact ${namespace}/app, path ./`,
    ]);
    assert.match(applied, /^Last applied: {2}20\S+Z \(\w+ ago\)$/);
  });

  test('a pod, through what owns it, however its kind is written', async (t) => {
    const scene = await startShop(t);
    const { api, namespace } = scene;
    const [pod] = await api.list('v1', 'Pod', { namespace, labelSelector: 'app=web' });
    const name = pod!.metadata.name;
    for (const words of [[`po/${name}`], ['pods', name], ['Pod', name], [`pod/${name}`]]) {
      const { code, stdout } = await ask(scene, 'trace', ...words);
      assert.equal(code, 0);
      assert.match(
        stdout,
        new RegExp(`^Owned by: +ReplicaSet ${namespace}/web-\\w+ ← Deployment ${namespace}/web$`, 'm'),
      );
      assert.match(stdout, new RegExp(`^StageSet: +${namespace}/shop\nStage: +app \\(Ready\\)$`, 'm'));
    }
    assert.equal((await ask(scene, 'trace', 'deploy', 'web')).code, 0);
    assert.equal((await ask(scene, 'trace', 'deployments.apps/web')).code, 0);
    const inventory = await api.list('stages.metio.wtf/v1', 'StageInventory', { namespace });
    const own = await ask(scene, 'trace', `sinv/${inventory[0]!.metadata.name}`);
    assert.match(own.stdout, /^StageSet: +\S+\/shop\nStage: +app/m);
  });

  test('for programs', async (t) => {
    const scene = await startShop(t);
    const { stdout } = await ask(scene, 'trace', 'deploy/web', '-o', 'json');
    const { object, origin } = JSON.parse(stdout);
    const { namespace } = scene;
    assert.deepEqual(object, { kind: 'Deployment', namespace, name: 'web' });
    const { stageSet, stage, recorded, source } = origin;
    assert.deepEqual([stageSet, stage, recorded], [{ namespace, name: 'shop' }, 'app', true]);
    assert.deepEqual(source, { kind: 'ExternalArtifact', namespace, name: 'app', path: './' });
  });

  test('what no StageSet owns: a clear word, and exit code 1', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    const labels = { 'stages.metio.wtf/name': 'ghost', 'stages.metio.wtf/namespace': namespace };
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'mine', namespace } });
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'left', namespace, labels } });
    const mine = await ask(scene, 'trace', 'cm/mine');
    assert.deepEqual(mine, {
      code: 1,
      stdout: `ConfigMap ${namespace}/mine is not owned by a StageSet.\n`,
      stderr: '',
    });
    const left = await ask(scene, 'trace', 'cm/left');
    assert.equal(left.code, 1);
    assert.match(left.stdout, /not owned by a StageSet: its labels name StageSet \S+\/ghost, which does not exist\.$/m);
  });

  test('labelled, but in no inventory', async (t) => {
    const scene = await startShop(t);
    const { api, namespace } = scene;
    const labels = {
      'stages.metio.wtf/name': 'shop',
      'stages.metio.wtf/namespace': namespace,
      'stages.metio.wtf/stage': 'app',
    };
    await api.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'stray', namespace, labels } });
    const { code, stdout } = await ask(scene, 'trace', 'cm/stray');
    assert.equal(code, 0);
    assert.match(stdout, /^Remark: +in no inventory of the StageSet: it is neither pruned nor taken down$/m);
  });

  test('the Job of an action', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    const template = {
      spec: {
        restartPolicy: 'Never',
        nodeSelector: { 'no-such': 'node' },
        containers: [{ name: 'it', image: 'example/it:1' }],
      },
    };
    await scene.publish('jobs', [
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'dump' }, spec: { template } },
    ]);
    await scene.publish('app', [configMap('a')]);
    const pre = [{ name: 'dump', job: { sourceRef: { name: 'jobs' } } }];
    await scene.roll('shop', oneStage('app', { actions: { pre } }));
    await eventually(async () => {
      const [job] = await scene.api.list('batch/v1', 'Job', { namespace: scene.namespace });
      const { code, stdout } = await ask(scene, 'trace', `job/${job?.metadata.name}`);
      assert.equal(code, 0);
      assert.match(stdout, /^StageSet: +\S+\/shop\nAction: +dump$/m);
    });
  });

  test('what makes no sense is said in a line', async (t) => {
    const scene = await startScene(t);
    const cases: readonly [args: readonly string[], code: number, says: RegExp][] = [
      [['deploy'], 2, /"deploy" names no object: give KIND\/NAME, or KIND NAME/],
      [['deploy/web', 'web'], 2, /names the object already/],
      [['gadget/web'], 3, /the cluster has no kind "gadget": see kubectl api-resources/],
      [['deploy/web'], 3, /Deployment \S+\/web does not exist: choose another namespace with -n/],
      [
        ['deploy/web', '--as', 'nobody'],
        3,
        /Deployment \S+\/web cannot be read: you may not get deployments in namespace/,
      ],
    ];
    for (const [args, code, says] of cases) {
      const ended = await ask(scene, 'trace', ...args);
      assert.equal(ended.code, code, args.join(' '));
      assert.match(ended.stderr, says);
    }
  });
});
