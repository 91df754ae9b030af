import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { type AddressInfo, createConnection } from 'node:net';
import { type TestContext, test } from 'node:test';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { isConflict, KubeError } from '../../src/main/kube/errors.ts';
import {
  createObject,
  deleteObject,
  getMetadata,
  getObject,
  listPaged,
  patchObject,
  serverSideApply,
} from '../../src/main/kube/requests.ts';
import { unleased } from '../../src/main/kube/types.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { configMapBody, kindIn, startKubeScene, write } from './kube-scene.ts';

test('discovery finds kinds of every sort, and which are cluster-scoped', async (t) => {
  const { discovery } = await startKubeScene(t);
  assert.equal(discovery.find({ group: '', kind: 'ConfigMap' })?.plural, 'configmaps');
  assert.equal(discovery.find({ group: 'apps', kind: 'Deployment' })?.version, 'v1');
  assert.equal(discovery.find({ group: 'stages.metio.wtf', kind: 'StageSet' })?.namespaced, true);
  assert.equal(discovery.find({ group: 'autoscaling', kind: 'Scale' }), undefined);
  const clusterScoped = discovery.clusterScopedKinds();
  for (const kind of ['/Namespace', '/Node', 'rbac.authorization.k8s.io/ClusterRole']) {
    assert.ok(clusterScoped.includes(kind), kind);
  }
  assert.ok(!clusterScoped.includes('/ConfigMap'));
});

test('a kind that a CRD brings is found once it is served, and goes with it', async (t) => {
  const { client, discovery, namespace } = await startKubeScene(t);
  const group = `${namespace}.example.test`;
  const widget = { group, kind: 'Widget' };
  const crds = kindIn(discovery, 'apiextensions.k8s.io', 'CustomResourceDefinition');
  assert.equal(discovery.find(widget), undefined);

  await createObject(client, { lease: unleased, resource: crds, body: JSON.stringify(widgetCrd(group)) });
  await eventually(async () => {
    await discovery.refresh();
    assert.equal(discovery.find(widget)?.namespaced, false);
  });
  await deleteObject(client, { lease: unleased, resource: crds, name: `widgets.${group}`, propagation: 'Background' });
  await eventually(async () => {
    await discovery.refresh();
    assert.equal(discovery.find(widget), undefined);
  });
});

test('apply: created, unchanged, tried, changed; the answer is metadata only', async (t) => {
  const { client, configMap } = await startKubeScene(t);
  const apply = (value: string, dryRun = false) => {
    const wish = { fieldManager: 'kube-test', force: true, answer: 'metadata', dryRun } as const;
    return serverSideApply<KubeObject>(client, { ...configMap('a'), body: configMapBody('a', { value }), ...wish });
  };
  const created = await apply('one');
  assert.deepEqual([created.status, created.body.kind, created.body.data], [201, 'PartialObjectMetadata', undefined]);
  const unchanged = await apply('one');
  assert.equal(unchanged.body.metadata.resourceVersion, created.body.metadata.resourceVersion);
  await apply('never', true);
  const changed = await apply('two');
  assert.notEqual(changed.body.metadata.resourceVersion, created.body.metadata.resourceVersion);
  assert.deepEqual((await getObject(client, configMap('a'))).data, { value: 'two' });
});

test('a field of another manager is a conflict that names it', async (t) => {
  const { client, configMap } = await startKubeScene(t);
  await write(client, configMap('a'), { value: 'one' });
  const body = configMapBody('a', { value: 'two' });
  const second = serverSideApply(client, { ...configMap('a'), body, fieldManager: 'another', force: false });
  await assert.rejects(second, (error) => {
    assert.ok(isConflict(error));
    assert.equal(error.details?.causes?.[0]?.field, '.data.value');
    return true;
  });
});

test('a refusal says what the API server said', async (t) => {
  const { client, namespace, configMaps, configMap } = await startKubeScene(t);
  const notFound = { status: 404, reason: 'NotFound', message: 'configmaps "none" not found' };
  await assert.rejects(getObject(client, configMap('none')), notFound);
  const cutShort = { ...configMap('a'), body: '{"apiVersion":', fieldManager: 'kube-test', force: true };
  await assert.rejects(serverSideApply(client, cutShort), { status: 400, reason: 'BadRequest' });
  const misnamed = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'A B' } });
  const create = createObject(client, { lease: unleased, resource: configMaps, namespace, body: misnamed });
  await assert.rejects(create, { status: 422, reason: 'Invalid' });
});

test('an unknown field is a warning', async (t) => {
  const { client, namespace, configMaps } = await startKubeScene(t);
  const body = JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' }, dta: {} });
  const { warnings } = await createObject(client, { lease: unleased, resource: configMaps, namespace, body });
  assert.deepEqual(warnings, ['unknown field "dta"']);
});

test('each tenant may do what it was granted, over the same sockets', async (t) => {
  const { client, cluster, namespace, configMap } = await startKubeScene(t);
  await cluster.kubectl(['create', 'serviceaccount', 'robot']);
  await cluster.kubectl([
    'create',
    'rolebinding',
    'robot',
    '--clusterrole=edit',
    `--serviceaccount=${namespace}:robot`,
  ]);
  const applyAs = (account: string) => {
    const as = `system:serviceaccount:${namespace}:${account}`;
    const body = configMapBody('a', {});
    return serverSideApply(client, { ...configMap('a'), body, fieldManager: 'kube-test', force: true, as });
  };
  await assert.rejects(applyAs('default'), (error) => {
    assert.ok(error instanceof KubeError && error.status === 403);
    assert.match(error.message, /User "system:serviceaccount:\S+:default" cannot patch resource "configmaps"/);
    return true;
  });
  await eventually(() => applyAs('robot'));
});

test('a list of many pages is whole, in full or as metadata', async (t) => {
  const { client, namespace, configMaps, configMap } = await startKubeScene(t);
  const names = Array.from({ length: 601 }, (_, i) => `c${String(i).padStart(4, '0')}`);
  await Promise.all(names.map((name) => write(client, configMap(name), { name }, { list: 'yes' })));
  const selection = { resource: configMaps, namespace, labelSelector: 'list=yes' };
  const full = await listPaged(client, selection);
  assert.deepEqual(
    full.items.map(({ metadata }) => metadata.name),
    names,
  );
  assert.deepEqual([full.items[600]?.kind, full.items[600]?.apiVersion], ['ConfigMap', 'v1']);
  const metadata = await listPaged(client, { ...selection, answer: 'metadata' });
  assert.deepEqual(
    metadata.items.map((item) => item.metadata.uid),
    full.items.map((item) => item.metadata.uid),
  );
  assert.equal(metadata.items[0]?.data, undefined);
});

test('only the very object is deleted', async (t) => {
  const { client, configMap } = await startKubeScene(t);
  const target = configMap('a');
  const { uid, resourceVersion } = await write(client, target, {});
  const other = '00000000-0000-0000-0000-000000000000';
  await assert.rejects(deleteObject(client, { ...target, uid: other, propagation: 'Background' }), { status: 409 });
  await patchObject(client, { ...target, patch: { data: { moved: 'on' } } });
  const stale = deleteObject(client, { ...target, uid, resourceVersion, propagation: 'Background' });
  await assert.rejects(stale, { status: 409 });
  await deleteObject(client, { ...target, uid, propagation: 'Background' });
  await assert.rejects(getMetadata(client, target), { status: 404 });
});

test('through a proxy, requests and streams alike', async (t) => {
  const { cluster } = await startKubeScene(t);
  const proxy = await startConnectProxy(t);
  const config = await loadClusterConfig({ kubeconfigPath: cluster.kubeconfigPath });
  const client = connect({ ...config, proxyUrl: proxy.url });
  t.after(() => client.close());
  const namespaces = { method: 'GET', path: '/api/v1/namespaces' } as const;
  assert.equal((await client.send<KubeObject>(namespaces)).body.kind, 'NamespaceList');
  const ends = { watch: 'true', resourceVersion: '0', timeoutSeconds: '1' };
  const chunks = await Array.fromAsync(await client.stream({ ...namespaces, query: ends }));
  assert.match(Buffer.concat(chunks).toString(), /"type":"ADDED"/);
  const host = new URL(config.server).host;
  assert.deepEqual([...new Set(proxy.tunnels)], [host]);
  assert.ok(proxy.tunnels.length >= 2);
});

/** What `proxy-url` in a kubeconfig usually names. */
async function startConnectProxy(t: TestContext) {
  const tunnels: string[] = [];
  const proxy = createServer().on('connect', ({ url = '' }, socket) => {
    tunnels.push(url);
    const [host, port] = url.split(':');
    const upstream = createConnection(Number(port), host, () => {
      socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
    for (const end of [socket, upstream])
      end.on('error', () => {}).on('close', () => [socket, upstream].map((s) => s.destroy()));
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  t.after(() => proxy.close());
  return { url: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`, tunnels };
}

function widgetCrd(group: string) {
  const schema = { openAPIV3Schema: { type: 'object' } };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `widgets.${group}` },
    spec: {
      group,
      scope: 'Cluster',
      names: { kind: 'Widget', plural: 'widgets' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
