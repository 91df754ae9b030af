import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import {
  because,
  configMap,
  crashesIn,
  deployment,
  oneStage,
  type Scene,
  startScene,
  succeeded,
} from '../harness/scene.ts';

/** All that a StageSet needs to roll out ConfigMaps as this account. */
async function deployer(scene: Scene, namespaces: readonly string[]): Promise<void> {
  const { api, namespace } = scene;
  const rbac = 'rbac.authorization.k8s.io';
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'deployer', namespace } });
  for (const each of namespaces) {
    await api.create({
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata: { name: 'deployer', namespace: each },
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace }],
    } as never);
  }
}

const rbacVersion = 'rbac.authorization.k8s.io/v1';

describe('teardown without rights', { concurrency: 4 }, () => {
  test('a namespace that is deleted takes along what is in it: nothing else of the StageSet holds it up', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    const elsewhere = `${namespace}-elsewhere`;
    await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: elsewhere } });
    await scene.controller();
    await deployer(scene, [namespace, elsewhere]);
    const outside = { ...configMap('outside'), metadata: { name: 'outside', namespace: elsewhere } };
    await scene.publish('app', [configMap('inside'), deployment('web'), outside]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer' });
    await scene.settled('app', succeeded);
    await api.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    await scene.gone('app', { timeoutMs: 40_000 });
    await eventually(
      async () => assert.equal(await api.find({ apiVersion: 'v1', kind: 'Namespace', name: namespace }), undefined),
      { timeoutMs: 60_000 },
    );
    assert.deepEqual(crashesIn(await scene.controller()), []);
  });

  test('a namespace whose RoleBindings went first: the Forbidden is final, and what is left elsewhere is named', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    const elsewhere = `${namespace}-elsewhere`;
    await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: elsewhere } });
    await scene.controller();
    await deployer(scene, [namespace, elsewhere]);
    const outside = { ...configMap('outside'), metadata: { name: 'outside', namespace: elsewhere } };
    await scene.publish('app', [configMap('inside'), outside]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer' });
    await scene.settled('app', succeeded);
    await api.delete({ apiVersion: rbacVersion, kind: 'RoleBinding', namespace: elsewhere, name: 'deployer' });
    await api.delete({ apiVersion: rbacVersion, kind: 'RoleBinding', namespace, name: 'deployer' });
    await api.delete({ apiVersion: 'v1', kind: 'Namespace', name: namespace });
    await scene.gone('app', { timeoutMs: 40_000 });
    const metrics = await (await scene.controller()).metrics();
    assert.match(metrics, new RegExp(`force_drop_total\\{namespace="${namespace}",name="app",reason="Forbidden"\\} 1`));
    assert.notEqual(
      await api.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace: elsewhere, name: 'outside' }),
      undefined,
    );
  });

  test('without its rights it is tried again, and ends well when they come back in time', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await deployer(scene, [scene.namespace]);
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer' });
    await scene.settled('app', succeeded);
    const binding = { apiVersion: rbacVersion, kind: 'RoleBinding', namespace: scene.namespace, name: 'deployer' };
    await scene.api.delete(binding);
    await scene.remove('app');
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /^stage "app" failed: prune: .*forbidden/);
    await scene.api.create({
      ...binding,
      metadata: { name: 'deployer', namespace: scene.namespace },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'admin' },
      subjects: [{ kind: 'ServiceAccount', name: 'deployer', namespace: scene.namespace }],
    } as never);
    await scene.gone('app');
    assert.deepEqual(await scene.ownedBy('app'), []);
    assert.equal(
      (await scene.events('app')).some(({ reason }) => reason === 'TeardownForced'),
      false,
    );
  });
});
