import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { grantUser } from '../harness/remote.ts';
import { configMap, deployment, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { program, stagesetctlAt } from '../harness/stagesetctl.ts';

interface About {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
}

/** An event as kubelets and others write it. */
function report({ api, namespace }: Scene, name: string, involvedObject: About, seen: string, count = 1) {
  return api.create({
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name, namespace },
    involvedObject: { ...involvedObject, namespace },
    type: 'Warning',
    reason: 'Mishap',
    message: `${name} of\n${involvedObject.name}`,
    count,
    lastTimestamp: seen,
  });
}

async function podOf({ api, namespace }: Scene): Promise<string> {
  return eventually(async () => {
    const [pod] = await api.list<KubeObject>('v1', 'Pod', { namespace });
    assert.ok(pod);
    return pod.metadata.name;
  });
}

describe('stagesetctl events', { concurrency: 2 }, () => {
  test('those of the StageSet, its objects and their pods, in the order of time', async (t) => {
    const scene = await startScene(t);
    const { namespace } = scene;
    const ctl = stagesetctlAt(scene);
    await scene.controller();
    await scene.publish('app', [deployment('web'), configMap('settings')]);
    await scene.roll('shop', oneStage('app'));
    await scene.settled('shop', succeeded);
    await scene.atRest('shop');
    const pod = await podOf(scene);
    await report(scene, 'older', { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings' }, '2020-01-01T00:00:00Z', 3);
    await report(scene, 'strange', { apiVersion: 'v1', kind: 'ConfigMap', name: 'other' }, '2020-01-01T00:00:00Z');
    await report(scene, 'newest', { apiVersion: 'v1', kind: 'Pod', name: pod }, '2099-01-01T00:00:00Z');
    const { code, stdout, stderr } = await ctl('events', 'shop');
    assert.deepEqual([code, stderr], [0, '']);
    const [heading, ...lines] = stdout.trimEnd().split('\n');
    assert.match(heading ?? '', /^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE$/);
    assert.match(
      lines[0] ?? '',
      new RegExp(`^\\dy\\S* \\(x3\\) +Warning +Mishap +ConfigMap ${namespace}/settings +older of settings$`),
    );
    assert.match(
      lines.at(-1) ?? '',
      new RegExp(`^<invalid> +Warning +Mishap +Pod ${namespace}/${pod} +newest of ${pod}$`),
    );
    assert.ok(
      lines.some((line) => line.includes(`Normal   Succeeded `) && line.includes(`StageSet ${namespace}/shop`)),
    );
    assert.ok(!stdout.includes('strange'));
    const { items } = JSON.parse((await ctl('events', 'shop', '-o', 'json')).stdout);
    assert.equal(items.length, lines.length);
    assert.equal((await ctl('events', 'shop', '-o', 'json', '--watch')).code, 2);
  });

  test('--watch goes on with those to come, about pods to come too', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('app', [configMap('settings')]);
    await scene.roll('shop', oneStage('app'));
    await scene.settled('shop', succeeded);
    await scene.atRest('shop');
    const env = { PATH: process.env.PATH, KUBECONFIG: scene.plane.kubeconfigPath };
    const watching = spawn(program, ['events', 'shop', '--watch', '-n', scene.namespace], { env });
    t.after(() => watching.kill());
    let printed = '';
    watching.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const says = (pattern: RegExp) => eventually(async () => assert.match(printed, pattern));
    await says(/StageSet \S+\/shop/);
    await scene.publish('app', [configMap('settings'), deployment('web')]);
    const pod = await podOf(scene);
    const now = new Date().toISOString();
    await report(scene, 'strange', { apiVersion: 'v1', kind: 'ConfigMap', name: 'other' }, now);
    await report(scene, 'fresh', { apiVersion: 'v1', kind: 'Pod', name: pod }, now);
    await says(/Mishap +Pod \S+ +fresh of web-/);
    assert.ok(!printed.includes('strange'));
    assert.equal(printed.split('LAST SEEN').length, 2);
  });

  test('what may not be read is said, and no error', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    await scene.roll('shop', { ...oneStage('none'), suspend: true });
    const readStageSets = { group: 'stages.metio.wtf', resources: ['*'], verbs: ['get', 'list'] };
    await grantUser(api, namespace, 'reader', [readStageSets]);
    const stderr = `stagesetctl: warning: you may not list events in namespace ${namespace}\n`;
    await eventually(async () => {
      const ended = await stagesetctlAt(scene)('events', 'shop', '--as', 'reader');
      assert.deepEqual(ended, { code: 0, stdout: 'No events found.\n', stderr });
    });
  });
});
