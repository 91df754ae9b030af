import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { kubeconfigOf, kubeconfigText, putSecret, startRemote } from '../harness/remote.ts';
import { configMap, oneStage, type Scene, startScene, succeeded } from '../harness/scene.ts';
import { stagesetctl } from '../harness/stagesetctl.ts';

const elsewhere: StageSetSpec = { ...oneStage('web'), kubeConfig: { secretRef: { name: 'elsewhere' } } };

function diff({ plane, namespace }: Scene, ...args: readonly string[]) {
  return stagesetctl(['diff', 'shop', '--kubeconfig', plane.kubeconfigPath, '-n', namespace, ...args]);
}

test('what is on another cluster is compared there', async (t) => {
  const scene = await startScene(t);
  const { namespace } = scene;
  const remote = await startRemote(scene);
  await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
  await scene.publish('web', [configMap('a'), configMap('b')]);
  await scene.controller();
  await scene.roll('shop', elsewhere);
  await scene.settled('shop', succeeded);
  assert.deepEqual(await diff(scene), { code: 0, stdout: '', stderr: '' });

  await scene.roll('shop', { ...elsewhere, suspend: true });
  await remote.api.patch({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' }, { data: { key: 'other' } });
  await scene.publish('web', [configMap('a')]);
  const { code, stdout } = await diff(scene);
  assert.equal(code, 1);
  assert.match(
    stdout,
    / data:\n- {2}key: other\n\+ {2}key: value\n\n- ConfigMap \S+\/b \(pruned: fell out of inventory\)\n$/,
  );
});

test('a kubeconfig that would run a command here is refused', async (t) => {
  const scene = await startScene(t);
  await scene.publish('web', [configMap('a')]);
  const user = { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch' } };
  await putSecret(scene, 'elsewhere', { value: kubeconfigText({ server: 'https://192.0.2.1', user }) });
  await scene.roll('shop', { ...elsewhere, suspend: true });
  const { code, stderr } = await diff(scene);
  assert.equal(code, 3);
  assert.match(stderr, /exec/);
});
