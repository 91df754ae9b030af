import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { StageSetSpec } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { grant, kubeconfigOf, kubeconfigText, putSecret, startRemote } from '../harness/remote.ts';
import {
  because,
  configMap,
  deployment,
  oneStage,
  phasesOf,
  type Scene,
  startScene,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';
import type { TestPlane } from '../harness/test-plane.ts';
import { CANARY } from '../support/canary.ts';

function elsewhere(source: string, rest: Partial<StageSetSpec> = {}): StageSetSpec {
  return { ...oneStage(source), kubeConfig: { secretRef: { name: 'elsewhere' } }, ...rest };
}

/** The names of the ConfigMaps that a StageSet has there. */
async function configMapsOn({ api }: TestPlane, { namespace }: Scene, set: string): Promise<readonly string[]> {
  const labelSelector = `${keys.ownerName}=${set},${keys.ownerNamespace}=${namespace}`;
  const found = await api.list<KubeObject>('v1', 'ConfigMap', { namespace, labelSelector });
  return found.map(({ metadata }) => metadata.name).toSorted();
}

describe('remote clusters', { concurrency: 4 }, () => {
  test('everything of a StageSet happens on the cluster that its kubeconfig leads to', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await scene.controller();
    const { namespace } = scene;
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    await scene.publish('app', [configMap('a'), configMap('b'), deployment('web')]);
    await scene.roll('app', elsewhere('app'));
    await scene.settled('app', succeeded);
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), ['a', 'b']);
    assert.deepEqual(await scene.ownedBy('app'), [], 'nothing of it is here');
    const web = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    const { status } = await remote.api.get<{ status: { availableReplicas: number } } & KubeObject>(web);
    assert.equal(status.availableReplicas, 1, 'it was waited for');

    await remote.api.delete({ apiVersion: 'v1', kind: 'ConfigMap', namespace, name: 'a' });
    await eventually(async () => assert.deepEqual(await configMapsOn(remote, scene, 'app'), ['a', 'b']));

    await scene.settled('app', succeededWith(await scene.publish('app', [configMap('a')])));
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), ['a']);
    assert.equal(await remote.api.find(web), undefined);

    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), []);
  });

  test('its actions too: they patch, watch and delete what is there', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await scene.controller();
    const { namespace } = scene;
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    const target = { apiVersion: 'v1', kind: 'ConfigMap', name: 'theirs' };
    for (const { api } of [scene, remote]) {
      await api.create({ ...configMap('theirs'), metadata: { name: 'theirs', namespace } } as unknown as KubeObject);
    }
    await scene.publish('app', [configMap('a')]);
    const pre = [
      { name: 'patch', patch: { target, patch: '{"data":{"patched":"yes"}}' } },
      { name: 'wait', wait: { target, expr: 'data.patched == "yes"' } },
      { name: 'delete', delete: { target } },
    ];
    await scene.roll('app', elsewhere('app', oneStage('app', { actions: { pre } })));
    await scene.settled('app', succeeded);
    assert.equal(await remote.api.find({ ...target, namespace }), undefined);
    assert.deepEqual((await scene.find<KubeObject & { data: object }>('ConfigMap', 'theirs'))?.data, { key: 'value' });
  });

  test('the end of its namespace, which takes the kubeconfig along, is held up by nothing', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await scene.controller();
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', elsewhere('app'));
    await scene.atRest('app');
    await scene.api.delete(scene.ref('Secret', 'elsewhere'));
    await scene.api.delete({ apiVersion: 'v1', kind: 'Namespace', name: scene.namespace });
    await scene.gone('app');
  });

  test('`value.yaml` serves where there is no `value`, and `key` names another entry', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    await putSecret(scene, 'elsewhere', { 'value.yaml': kubeconfigOf(remote), mine: kubeconfigOf(remote), junk: '' });
    for (const secretRef of [{ name: 'elsewhere' }, { name: 'elsewhere', key: 'mine' }]) {
      await scene.roll('app', elsewhere('app', { kubeConfig: { secretRef } }));
      await scene.settled('app', succeeded);
    }
    await scene.roll('app', elsewhere('app', { kubeConfig: { secretRef: { name: 'elsewhere', key: 'none' } } }));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /connect to target cluster: Secret \S+\/elsewhere has no entry "none"$/);
  });

  test('a kubeconfig that comes or goes takes no object along: what was elsewhere is told of, and waits', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await scene.controller();
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', elsewhere('app'));
    await scene.atRest('app');
    const told = async () => (await scene.events('app')).filter(({ reason }) => reason === 'TargetChanged');

    await scene.api.patch(scene.ref('StageSet', 'app'), { spec: { kubeConfig: null } });
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), ['a'], 'nothing goes by itself');
    const [event] = await eventually(async () => {
      const events = await told();
      assert.equal(events.length, 1);
      return events;
    });
    assert.equal(event?.type, 'Warning');
    assert.match(event?.note ?? '', /^stage "app": 1 objects are on the cluster that it was applied to before/);

    // Back there, it is the objects here that wait.
    await scene.roll('app', elsewhere('app'));
    const pruned = await scene.publish('app', [configMap('b')]);
    await scene.settled('app', succeededWith(pruned));
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), ['b'], 'known again, and pruned');
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);

    await scene.annotate('app', { [keys.forgetTarget]: 'true' });
    await scene.annotate('app', { [keys.requestedAt]: 'now' });
    await scene.settled('app', (ready, { status }) => succeeded(ready) && status?.lastHandledReconcileAt === 'now');
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), []);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a'], 'let go of');
  });

  test('another kubeconfig for the same cluster is no other target', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    const controller = await scene.controller();
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', elsewhere('app'));
    await scene.atRest('app');
    const { metadata } = await remote.api.get({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'a',
      namespace: scene.namespace,
    });
    await putSecret(scene, 'elsewhere', { value: `${kubeconfigOf(remote)}\n` });
    await scene.annotate('app', { [keys.requestedAt]: 'now' });
    await scene.settled('app', (ready, { status }) => succeeded(ready) && status?.lastHandledReconcileAt === 'now');
    const after = await remote.api.get({ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: scene.namespace });
    assert.equal(after.metadata.resourceVersion, metadata.resourceVersion);
    assert.deepEqual(
      (await scene.events('app')).filter(({ reason }) => reason === 'TargetChanged'),
      [],
    );
    assert.ok(!controller.log.includes(remote.adminToken));
  });

  test('there it acts as the account of the StageSet, and the kubeconfig is read as that', async (t) => {
    const scene = await startScene(t);
    const remote = await startRemote(scene);
    await scene.controller();
    const { namespace } = scene;
    const spec = elsewhere('app', { serviceAccountName: 'deployer', retryInterval: '1s' });
    await putSecret(scene, 'elsewhere', { value: kubeconfigOf(remote) });
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', spec);
    const user = `system:serviceaccount:${namespace}:deployer`;
    const unread = await scene.settled('app', because('StageFailed'));
    assert.ok(
      unread.message.includes(
        `connect to target cluster: secrets "elsewhere" is forbidden: User "${user}" cannot get resource "secrets"`,
      ),
      unread.message,
    );
    await grant(scene.api, namespace, 'deployer', [{ resources: ['secrets'], verbs: ['get'] }]);
    const forbidden = await scene.settled('app', ({ message }) => message.includes('configmaps'));
    assert.ok(forbidden.message.includes(`User "${user}" cannot`), forbidden.message);
    await grant(remote.api, namespace, 'deployer', [
      { resources: ['configmaps'], verbs: ['get', 'list', 'create', 'patch', 'delete'] },
    ]);
    await scene.settled('app', succeeded);
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), ['a']);
    await scene.remove('app');
    await scene.gone('app');
    assert.deepEqual(await configMapsOn(remote, scene, 'app'), []);
  });

  const refused: readonly { readonly name: string; readonly value?: string; readonly message: RegExp }[] = [
    { name: 'no Secret', message: /Secret \S+\/elsewhere does not exist$/ },
    {
      name: 'no kubeconfig',
      value: `{${CANARY}`,
      message: /the kubeconfig line 1 is not YAML$/,
    },
    {
      name: 'a command',
      value: kubeconfigText({ server: 'https://10.0.0.1', user: { exec: { command: CANARY } } }),
      message: /the kubeconfig may not use exec \(/,
    },
    {
      name: 'a file',
      value: kubeconfigText({ server: 'https://10.0.0.1', user: { tokenFile: `/${CANARY}` } }),
      message: /the kubeconfig may not use tokenFile \(/,
    },
    {
      name: 'a server that need not prove who it is',
      value: kubeconfigText({ server: 'https://10.0.0.1', cluster: { 'insecure-skip-tls-verify': true } }),
      message: /insecure-skip-tls-verify \(the controller would need --insecure-kubeconfig-tls\)$/,
    },
    {
      name: 'cloud metadata as a server',
      value: kubeconfigText({ server: 'https://169.254.169.254', user: { token: CANARY } }),
      message: /has a server that is not allowed: it is a cloud metadata address$/,
    },
    {
      name: 'a server that is not there',
      value: kubeconfigText({ server: 'https://127.0.0.1:1', user: { token: CANARY } }),
      message: /cannot reach https:\/\/127\.0\.0\.1:1: connection refused$/,
    },
  ];
  for (const { name, value, message } of refused) {
    test(`${name}: nothing is applied, here least of all`, async (t) => {
      const scene = await startScene(t);
      const controller = await scene.controller();
      if (value !== undefined) await putSecret(scene, 'elsewhere', { value });
      await scene.publish('app', [configMap('a')]);
      await scene.roll('app', elsewhere('app'));
      const ready = await scene.settled('app', because('StageFailed'));
      assert.match(ready.message, /^stage "app" failed: connect to target cluster: /);
      assert.match(ready.message, message);
      assert.deepEqual(phasesOf(await scene.read('app')), { app: 'Failed' });
      assert.equal(await scene.find('ConfigMap', 'a'), undefined);
      const told = JSON.stringify([await scene.read('app'), await scene.events('app'), controller.log]);
      assert.ok(!told.includes(CANARY));
      // Nothing was put up, so nothing is in the way of its end.
      await scene.remove('app');
      await scene.gone('app');
    });
  }
});
