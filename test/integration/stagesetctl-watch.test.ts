import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { because, configMap, oneStage, type Scene, stagesOf, startScene, stuckDeployment } from '../harness/scene.ts';
import { program, stagesetctlAt } from '../harness/stagesetctl.ts';

function start({ plane, namespace }: Scene) {
  const env = { PATH: process.env.PATH, KUBECONFIG: plane.kubeconfigPath };
  return spawn(program, ['watch', 'shop', '-n', namespace], { env });
}

describe('stagesetctl watch and history', { concurrency: 3 }, () => {
  test('each stage is followed to its end, and history tells of it afterwards', async (t) => {
    const scene = await startScene(t);
    const ctl = stagesetctlAt(scene);
    await scene.controller();
    const { artifact } = await scene.publish('db', [configMap('a')]);
    await scene.roll('shop', stagesOf('db', 'web'));
    await scene.settled('shop', because('ArtifactNotFound'));
    assert.equal((await ctl('watch', 'shop', '--timeout', '1s')).code, 3);
    const [watching, asData] = [ctl('watch', 'shop'), ctl('watch', 'shop', '-o', 'json')];
    await scene.publish('web', [configMap('b')]);
    const { code, stdout, stderr } = await watching;
    assert.deepEqual([code, stderr], [0, '']);
    const lines = stdout.trimEnd().split('\n');
    const told = lines.map((line) => line.replace(/^\S+ +/, ''));
    const message = (await scene.read('shop')).status?.conditions?.[0]?.message;
    assert.equal(told.at(-1), `Succeeded: ${message}`);
    for (const stage of ['db', 'web']) assert.ok(told.includes(`stage ${stage}: Ready`), stdout);
    assert.ok(lines.every((line) => /^\d+[sm]/.test(line)));

    const { status: now } = await scene.read('shop');
    const data = await asData;
    assert.deepEqual([data.code, data.stderr], [0, '']);
    const documents = data.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const { elapsedSeconds, stages, ...last } = documents.at(-1);
    assert.equal(typeof elapsedSeconds, 'number');
    assert.deepEqual(last, { name: 'shop', namespace: scene.namespace, ready: 'True', reason: 'Succeeded', message });
    assert.deepEqual(
      stages.map(({ name, phase }: { readonly name: string; readonly phase: string }) => [name, phase]),
      now?.stages?.map(({ name, phase }) => [name, phase]),
    );

    const again = await ctl('watch', 'shop');
    assert.deepEqual(
      [
        again.code,
        again.stdout
          .split('\n')
          .at(-2)
          ?.replace(/^\S+ +/, ''),
      ],
      [0, told.at(-1)],
    );

    const history = (await ctl('history', 'shop')).stdout.trimEnd().split('\n');
    assert.match(history[0] ?? '', /^STARTED +TOOK +GENERATION +REASON +REVISIONS +MESSAGE$/);
    assert.match(history[1] ?? '', /^\d+s ago +\d+s +1 +Succeeded +latest@sha256:/);
    assert.ok(history[1]?.includes(artifact.revision));
    assert.match(history.at(-1) ?? '', / 1 +ArtifactNotFound +- +stage "web": /);
    const { status } = await scene.read('shop');
    assert.deepEqual(JSON.parse((await ctl('history', 'shop', '-o', 'json')).stdout), status?.history);
  });

  test('a failure ends with 3 and its message', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [stuckDeployment('web')]);
    await scene.roll('shop', oneStage('app'));
    const watching = start(scene);
    const [ended, all] = [once(watching, 'close'), text(watching.stderr)];
    let stdout = '';
    watching.stdout.setEncoding('utf8').on('data', (more: string) => {
      stdout += more;
    });
    await eventually(() => assert.match(stdout, /^\d+\w* +stage app: Verifying, .*Deployment/m));
    await scene.roll('shop', { ...oneStage('app'), timeout: '1s' });
    const [[code], stderr] = await Promise.all([ended, all]);
    assert.equal(code, 3);
    const asData = await stagesetctlAt(scene)('watch', 'shop', '-o', 'yaml');
    assert.deepEqual([asData.code, asData.stderr], [3, stderr]);
    assert.match(asData.stdout, /^reason: StageFailed$/m);
    const message = (await scene.read('shop')).status?.conditions?.[0]?.message;
    assert.equal(
      stderr,
      `stagesetctl: StageSet ${scene.namespace}/shop is not ready: StageFailed: ${message}: ask stagesetctl why shop -n ${scene.namespace}\n`,
    );
  });

  test('one that is deleted meanwhile, or has never been there, is an error', async (t) => {
    const scene = await startScene(t);
    const ctl = stagesetctlAt(scene);
    await scene.controller();
    await scene.roll('shop', oneStage('none'));
    await scene.settled('shop', because('ArtifactNotFound'));
    const watching = start(scene);
    await once(watching.stdout, 'data');
    const [ended, said] = [once(watching, 'close'), text(watching.stderr)];
    await scene.remove('shop');
    assert.equal(await said, `stagesetctl: StageSet ${scene.namespace}/shop was deleted meanwhile\n`);
    assert.deepEqual(await ended, [3, null]);
    assert.equal((await ctl('watch', 'shop')).code, 3);
  });

  test('it ends when its reader has gone, and when it is interrupted', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await scene.roll('shop', { ...oneStage('app'), dependsOn: [{ name: 'none' }] });
    await scene.settled('shop', because('DependencyNotReady'));
    const unread = start(scene);
    await once(unread.stdout, 'data');
    unread.stdout.destroy();
    const ended = once(unread, 'close');
    await scene.roll('shop', { ...oneStage('app'), dependsOn: [] });
    assert.deepEqual(await ended, [0, null]);

    await scene.roll('shop', { ...oneStage('app'), dependsOn: [{ name: 'none' }] });
    await scene.settled('shop', because('DependencyNotReady'));
    const interrupted = start(scene);
    await once(interrupted.stdout, 'data');
    interrupted.kill('SIGINT');
    assert.deepEqual(await once(interrupted, 'close'), [null, 'SIGINT']);
  });
});

test('when time is up, one that merely waits says for what, not that nobody looks at it', async (t) => {
  const scene = await startScene(t);
  await scene.controller();
  await scene.roll('shop', oneStage('none'));
  await scene.settled('shop', because('ArtifactNotFound'));
  const { code, stderr } = await stagesetctlAt(scene)('watch', 'shop', '--timeout', '1s');
  const { namespace } = scene;
  const waits = `ArtifactNotFound: stage "app": ExternalArtifact "${namespace}/none" does not exist`;
  const says = `StageSet ${namespace}/shop did not get there within 1s, it waits: ${waits}: ask stagesetctl why shop -n ${namespace}`;
  assert.deepEqual([code, stderr], [3, `stagesetctl: ${says}\n`]);
});
