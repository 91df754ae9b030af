import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { inventoryName } from '../../src/main/inventory/names.ts';
import type { StageInventory } from '../../src/shared/api/types.ts';
import { keys } from '../../src/shared/labels.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { runKubectl } from '../harness/kubectl.ts';
import {
  because,
  configMap,
  type Manifest,
  oneStage,
  type Scene,
  stagesOf,
  startScene,
  succeeded,
  succeededWith,
} from '../harness/scene.ts';

const apiVersion = 'stages.metio.wtf/v1';

async function inventories(scene: Scene): Promise<readonly StageInventory[]> {
  return scene.api.list<StageInventory>(apiVersion, 'StageInventory', { namespace: scene.namespace });
}

function namesIn(all: readonly StageInventory[]): readonly string[] {
  return all.flatMap(({ spec }) => spec.entries.map(({ id }) => id.split('_')[1] ?? '')).toSorted();
}

async function theOnly(scene: Scene): Promise<StageInventory> {
  const [inventory, ...more] = await inventories(scene);
  assert.ok(inventory !== undefined && more.length === 0, `${more.length} more`);
  return inventory;
}

/** Does this while the StageSet is suspended. */
async function meanwhile(scene: Scene, name: string, work: () => Promise<unknown>): Promise<void> {
  const { spec } = await scene.read(name);
  await scene.roll(name, { ...spec, suspend: true });
  await scene.settled(name, because('Suspended'));
  await work();
  await scene.roll(name, { ...spec, suspend: false });
}

async function rolledOut(scene: Scene, ...manifests: readonly Manifest[]): Promise<void> {
  await scene.controller();
  await scene.publish('app', manifests);
  await scene.roll('app', oneStage('app'));
  await scene.settled('app', succeeded);
}

/** Can do everything with ConfigMaps, and nothing else. */
async function account(scene: Scene, name: string): Promise<string> {
  const { api, namespace } = scene;
  const rbac = 'rbac.authorization.k8s.io';
  const subject = { kind: 'ServiceAccount', name, namespace };
  const rules = [
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'list', 'watch', 'create', 'patch', 'delete'] },
  ];
  await api.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  await api.apply({ apiVersion: `${rbac}/v1`, kind: 'Role', metadata: { name, namespace }, rules });
  await api.apply({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: rbac, kind: 'Role', name },
    subjects: [subject],
  });
  return `system:serviceaccount:${namespace}:${name}`;
}

/** As whom ConfigMaps were deleted. */
async function deleters(scene: Scene): Promise<Readonly<Record<string, string>>> {
  const deletions = (await scene.requests()).filter(
    ({ verb, resource }) => verb === 'delete' && resource === 'configmaps',
  );
  return Object.fromEntries(deletions.map(({ name, as }) => [name, as ?? 'controller']));
}

describe('inventory', { concurrency: 4 }, () => {
  test('an inventory of another implementation is told by its labels, whatever it is called', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    await scene.controller();
    await scene.publish('app', [configMap('a')]);
    const set = await scene.roll('app', { ...oneStage('app'), suspend: true });
    const owner = { [keys.ownerName]: 'app', [keys.ownerNamespace]: namespace, [keys.stage]: 'app' };
    await api.create({ ...configMap('theirs'), metadata: { name: 'theirs', namespace, labels: owner } } as never);
    await api.create({
      apiVersion,
      kind: 'StageInventory',
      metadata: {
        name: 'app.app.0',
        namespace,
        labels: { [keys.inventoryStageSet]: 'app', [keys.stage]: 'app', [keys.inventoryShard]: '0' },
        ownerReferences: [
          {
            apiVersion,
            kind: 'StageSet',
            name: 'app',
            uid: set.metadata.uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: { stagePosition: 0, entries: [{ id: `${namespace}_theirs__ConfigMap`, v: 'v1' }] },
    } as never);
    await scene.roll('app', oneStage('app'));
    await scene.settled('app', succeeded);
    const inventory = await theOnly(scene);
    assert.equal(inventory.metadata.name, 'app.app.0');
    assert.deepEqual(namesIn([inventory]), ['a']);
    assert.equal(await scene.find('ConfigMap', 'theirs'), undefined);
    const { metadata } = (await scene.find('ConfigMap', 'a'))!;
    assert.equal(metadata.labels?.[keys.applySetPartOf], inventory.metadata.labels?.[keys.applySetId]);
  });

  test('one that is lost is rebuilt from labels; that run prunes nothing, the next does', async (t) => {
    const scene = await startScene(t);
    await scene.controller();
    await scene.publish('db', [configMap('db')]);
    await scene.publish('web', [configMap('web')]);
    await scene.roll('app', stagesOf('db', 'web'));
    await scene.settled('app', succeeded);
    await scene.roll('app', { ...stagesOf('db', 'web'), suspend: true });
    await scene.settled('app', because('Suspended'));
    for (const { metadata } of await inventories(scene)) {
      await scene.api.delete(scene.ref('StageInventory', metadata.name));
    }
    const labels = { [keys.ownerName]: 'app', [keys.ownerNamespace]: scene.namespace, [keys.stage]: 'db' };
    await scene.api.create({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'left', namespace: scene.namespace, labels },
    });
    const rolled = await scene.roll('app', stagesOf('db'));
    await scene.settled('app', succeeded);
    const versions = await scene.versions('app', rolled);
    const { generation } = rolled.metadata;
    const rebuilt = versions.find(({ status }) =>
      status?.conditions?.some(
        (each) => each.type === 'Ready' && each.observedGeneration === generation && succeeded(each),
      ),
    );
    assert.ok(rebuilt);
    const { namespace } = scene;
    const at = rebuilt.metadata.resourceVersion; // the next run may have begun by now
    const owned = { namespace, at, labelSelector: `${keys.ownerName}=app` };
    const kept = await scene.api.list('v1', 'ConfigMap', owned);
    assert.deepEqual(kept.map(({ metadata }) => metadata.name).toSorted(), ['db', 'left', 'web']);
    const recorded = await scene.api.list<StageInventory>(apiVersion, 'StageInventory', { namespace, at });
    assert.deepEqual(namesIn(recorded), ['db', 'left', 'web']);
    await scene.annotate('app', { [keys.requestedAt]: 'now' });
    await eventually(async () => assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/db']));
    await eventually(async () => assert.deepEqual(namesIn(await inventories(scene)), ['db']));
  });

  test('a name that is still another’s is waited for', async (t) => {
    const scene = await startScene(t);
    const { api, namespace } = scene;
    await scene.controller();
    const name = inventoryName('app', 'app', 0);
    const other = await scene.roll('other', { ...oneStage('nothing'), suspend: true });
    const owner = { apiVersion, kind: 'StageSet', name: 'other', uid: other.metadata.uid ?? '', controller: true };
    await api.create({
      apiVersion,
      kind: 'StageInventory',
      metadata: { name, namespace, ownerReferences: [owner] },
      spec: { stagePosition: 0, entries: [] },
    } as never);
    await scene.publish('app', [configMap('a')]);
    await scene.roll('app', oneStage('app'));
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, new RegExp(`^stage "app" failed: apply: cannot write StageInventory ${name}`));
    assert.deepEqual(await scene.ownedBy('app'), []);
    await api.delete(scene.ref('StageInventory', name));
    await scene.settled('app', succeeded);
    assert.deepEqual(namesIn(await inventories(scene)), ['a']);
  });

  test('what an account put up goes as that account, though another is named by now', async (t) => {
    const scene = await startScene(t);
    const former = await account(scene, 'former');
    const latter = await account(scene, 'latter');
    await scene.controller();
    await scene.publish('db', [configMap('db')]);
    await scene.publish('web', [configMap('web'), configMap('goes')]);
    await scene.roll('app', { ...stagesOf('db', 'web'), serviceAccountName: 'former' });
    await scene.settled('app', succeeded);
    assert.deepEqual(
      (await inventories(scene)).map(({ spec }) => spec.target?.identity),
      [former, former],
    );
    const before = (await scene.find('ConfigMap', 'web'))?.metadata.uid;
    await meanwhile(scene, 'app', async () => {
      await scene.publish('web', [configMap('web')]);
    });
    await scene.roll('app', { ...stagesOf('web'), serviceAccountName: 'latter' });
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/web']);
    assert.equal((await scene.find('ConfigMap', 'web'))?.metadata.uid, before);
    assert.equal((await deleters(scene)).db, former);
    const inventory = await theOnly(scene);
    assert.equal(inventory.spec.target?.identity, latter);
    assert.deepEqual(namesIn([inventory]), ['web']);
  });

  test('where the former account has lost its rights, the one named now takes its place', async (t) => {
    const scene = await startScene(t);
    await account(scene, 'former');
    const latter = await account(scene, 'latter');
    await scene.controller();
    await scene.publish('app', [configMap('a'), configMap('goes')]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'former' });
    await scene.settled('app', succeeded);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'former', suspend: true });
    await scene.settled('app', because('Suspended'));
    const rbac = 'rbac.authorization.k8s.io/v1';
    await scene.api.delete({ apiVersion: rbac, kind: 'RoleBinding', namespace: scene.namespace, name: 'former' });
    const next = await scene.publish('app', [configMap('a')]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'latter', suspend: false });
    await scene.settled('app', succeededWith(next));
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
    assert.equal((await deleters(scene)).goes, latter);
  });

  test('an identity that a tenant wrote into an inventory is not taken on', async (t) => {
    const scene = await startScene(t);
    const deployer = await account(scene, 'deployer');
    await scene.controller();
    await scene.publish('app', [configMap('a'), configMap('one'), configMap('two')]);
    await scene.roll('app', { ...oneStage('app'), serviceAccountName: 'deployer' });
    await scene.settled('app', succeeded);
    let last = 'one';
    for (const identity of ['controller', 'system:serviceaccount:kube-system:namespace-controller']) {
      await meanwhile(scene, 'app', async () => {
        for (const { metadata, spec } of await inventories(scene)) {
          await scene.api.patch(scene.ref('StageInventory', metadata.name), {
            spec: { target: { ...spec.target, identity } },
          });
        }
        await scene.publish('app', [configMap('a'), ...(last === 'one' ? [configMap('two')] : [])]);
      });
      const gone = last;
      await eventually(async () => assert.equal(await scene.find('ConfigMap', gone), undefined));
      assert.equal((await deleters(scene))[gone], deployer);
      await scene.settled('app', succeeded);
      last = 'two';
    }
    await eventually(async () => assert.equal((await theOnly(scene)).spec.target?.identity, deployer));
  });

  test('what is on another cluster is told of and kept until it may be forgotten', async (t) => {
    const scene = await startScene(t);
    await rolledOut(scene, configMap('a'), configMap('there'));
    let cluster: string | undefined;
    await meanwhile(scene, 'app', async () => {
      const { metadata, spec } = await theOnly(scene);
      cluster = spec.target?.cluster;
      const target = { ...spec.target, cluster: 'another-uid/another-address' };
      await scene.api.patch(scene.ref('StageInventory', metadata.name), { spec: { target } });
      await scene.publish('app', [configMap('a')]);
    });
    await scene.settled('app', succeeded);
    await eventually(async () => {
      const told = (await scene.events('app')).find(({ reason }) => reason === 'TargetChanged');
      assert.equal(told?.type, 'Warning');
      assert.match(told.note, /^stage "app": 2 objects are on the cluster that it was applied to before/);
    });
    assert.notEqual(await scene.find('ConfigMap', 'there'), undefined);
    const kube = await scene.api.get<KubeObject>({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
    assert.ok(cluster?.startsWith(`${kube.metadata.uid}/`), cluster);
    const byCluster = async () =>
      Object.fromEntries((await inventories(scene)).map((each) => [each.spec.target?.cluster, namesIn([each])]));
    assert.deepEqual(await byCluster(), { 'another-uid/another-address': ['a', 'there'], [cluster ?? '']: ['a'] });

    await scene.annotate('app', { [keys.forgetTarget]: 'true' });
    await eventually(async () => assert.deepEqual(await byCluster(), { [cluster ?? '']: ['a'] }));
    assert.notEqual(await scene.find('ConfigMap', 'there'), undefined);
  });

  test('rendering nothing at all prunes nothing, unless the StageSet says that it may', async (t) => {
    const scene = await startScene(t);
    await rolledOut(scene, configMap('a'), configMap('b'));
    await scene.publishAs('app', { files: { 'empty.yaml': '# nothing\n' } });
    const ready = await scene.settled('app', because('StageFailed'));
    assert.match(ready.message, /^stage "app" failed: prune: .*would prune all 2 objects/);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a', 'ConfigMap/b']);
    assert.deepEqual(namesIn(await inventories(scene)), ['a', 'b']);
    await scene.annotate('app', { [keys.allowEmpty]: 'true' });
    await scene.settled('app', succeeded);
    assert.deepEqual(await scene.ownedBy('app'), []);
    assert.deepEqual(namesIn([await theOnly(scene)]), []);
  });

  test('an object that loses its prune: disabled goes like any other', async (t) => {
    const scene = await startScene(t);
    const marked = { ...configMap('marked'), metadata: { name: 'marked', annotations: { [keys.prune]: 'disabled' } } };
    await rolledOut(scene, marked, configMap('a'));
    const unmarked = await scene.publish('app', [configMap('marked'), configMap('a')]);
    await scene.settled('app', succeededWith(unmarked));
    const next = await scene.publish('app', [configMap('a')]);
    await scene.settled('app', succeededWith(next));
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a']);
  });

  test('an object that moves to another StageSet survives the one it left', async (t) => {
    const scene = await startScene(t);
    await rolledOut(scene, configMap('moves'), configMap('a'));
    const before = (await scene.find('ConfigMap', 'moves'))?.metadata.uid;
    await scene.publish('other', [configMap('moves')]);
    await scene.roll('other', oneStage('other'));
    await scene.settled('other', succeeded);
    const next = await scene.publish('app', [configMap('a')]);
    await scene.settled('app', succeededWith(next));
    assert.deepEqual(await scene.ownedBy('other'), ['ConfigMap/moves']);
    await scene.remove('app');
    await scene.gone('app');
    assert.equal((await scene.find('ConfigMap', 'moves'))?.metadata.uid, before);
  });

  test('an object is found in whatever version its kind is served, and gone with its kind', async (t) => {
    const scene = await startScene(t);
    const group = `${scene.namespace}.example.test`;
    const version = (name: string, storage: boolean) => ({
      name,
      served: true,
      storage,
      schema: { openAPIV3Schema: { type: 'object' } },
    });
    const crd = (...versions: readonly object[]) => ({
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      metadata: { name: `widgets.${group}` },
      spec: { group, scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget' }, versions },
    });
    const widget = (name: string) => ({ apiVersion: `${group}/v1beta1`, kind: 'Widget', metadata: { name } });
    await scene.api.apply(crd(version('v1beta1', false), version('v1', true)) as never);
    await scene.controller();
    await scene.publish('app', [widget('one'), widget('two'), configMap('a')]);
    await scene.roll('app', { ...oneStage('app'), retryInterval: '1s' }); // discovery may be a moment behind
    await scene.settled('app', succeeded);
    const one = { apiVersion: `${group}/v1`, kind: 'Widget', namespace: scene.namespace, name: 'one' };
    assert.notEqual(await scene.api.find(one), undefined);

    await meanwhile(scene, 'app', async () => {
      await scene.api.apply(crd({ ...version('v1beta1', false), served: false }, version('v1', true)) as never);
      await eventually(async () => assert.equal((await servedVersions(scene, group)).includes('v1beta1'), false));
      await scene.publish('app', [{ ...widget('two'), apiVersion: `${group}/v1` }, configMap('a')]);
    });
    await scene.settled('app', succeeded);
    await eventually(async () => assert.equal(await scene.api.find(one), undefined));
    assert.notEqual(await scene.api.find({ ...one, name: 'two' }), undefined);

    await meanwhile(scene, 'app', async () => {
      await scene.api.delete({ ...crd(), name: `widgets.${group}` });
      await eventually(async () => assert.deepEqual(await servedVersions(scene, group), []));
      await scene.publish('app', [configMap('a')]);
    });
    await scene.settled('app', succeeded);
    assert.deepEqual(namesIn([await theOnly(scene)]), ['a']);
  });

  test('kubectl shows inventories by their stage, and leaves a set of ours alone', async (t) => {
    const scene = await startScene(t);
    await rolledOut(scene, configMap('a'), configMap('b'));
    const { metadata } = await theOnly(scene);
    const { plane, namespace } = scene;
    const access = [`--kubeconfig=${plane.kubeconfigPath}`, `--cache-dir=${join(plane.dir, 'kubectl')}`];
    const kubectl = (args: readonly string[], input = '') =>
      runKubectl(plane.toolset.binary('kubectl'), [...access, `-n=${namespace}`, ...args], input);
    assert.match(await kubectl(['get', 'sinv']), /^NAME +STAGE +AGE\n\S+ +app +\d+s\n$/);
    assert.match(await kubectl(['get', 'stageinventories', '-o', 'wide']), /ENTRIES\n\S+ +app +\d+s +2\n$/);
    assert.match(
      metadata.annotations?.['applyset.kubernetes.io/tooling'] ?? '',
      /^stageset-controller\/v\d+\.\d+\.\d+/,
    );
    assert.equal(metadata.annotations?.['applyset.kubernetes.io/contains-group-kinds'], 'ConfigMap');
    assert.equal(metadata.annotations?.['applyset.kubernetes.io/additional-namespaces'], '');

    process.env.KUBECTL_APPLYSET = 'true'; // as long as the flag is in alpha
    const set = `--applyset=stageinventories.stages.metio.wtf/${metadata.name}`;
    const only = JSON.stringify({ ...configMap('a'), metadata: { name: 'a', namespace } });
    await assert.rejects(kubectl(['apply', '--prune', set, '-f', '-'], only), /tooling/);
    assert.deepEqual(await scene.ownedBy('app'), ['ConfigMap/a', 'ConfigMap/b']);
  });
});

async function servedVersions(scene: Scene, group: string): Promise<readonly string[]> {
  const groups = await scene.api.send<{ groups: { name: string; versions: { version: string }[] }[] }>('GET', '/apis');
  return groups.groups.find(({ name }) => name === group)?.versions.map(({ version }) => version) ?? [];
}
