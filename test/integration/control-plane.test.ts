import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { follow } from '../../tools/control-plane/follow.ts';
import { startCluster } from '../harness/cluster.ts';

test('a Deployment of 3 becomes available', async (t) => {
  const { api, namespace } = await startCluster(t);
  await api.create(deployment(namespace, 3));
  await eventually(async () => {
    const ref = { apiVersion: 'apps/v1', kind: 'Deployment', namespace, name: 'web' };
    const { status } = await api.get<{ status: { availableReplicas?: number } }>(ref);
    assert.equal(status.availableReplicas, 3);
  });
});

test('a Job completes', async (t) => {
  const { api, namespace } = await startCluster(t);
  await api.create(job(namespace));
  await eventually(async () => {
    const ref = { apiVersion: 'batch/v1', kind: 'Job', namespace, name: 'once' };
    const { status } = await api.get<{ status: { succeeded?: number; completionTime?: string } }>(ref);
    assert.equal(status.succeeded, 1);
    assert.ok(status.completionTime);
  });
});

test('kubectl and the server know their version', async (t) => {
  const cluster = await startCluster(t);
  const versions = JSON.parse(await cluster.kubectl(['version', '-o', 'json']));
  for (const { gitVersion, major, minor } of [versions.clientVersion, versions.serverVersion]) {
    assert.match(gitVersion, /^v1\.\d+\.\d+$/);
    assert.equal(gitVersion.startsWith(`v${major}.${minor}.`), true);
  }
});

test('the user `controller` may do nothing until it is granted', async (t) => {
  const cluster = await startCluster(t);
  const list = ['--context=controller', 'get', 'configmaps', '-o', 'name'];
  await assert.rejects(cluster.kubectl(list), /User "controller" cannot list resource "configmaps"/);
  await cluster.kubectl(['create', 'rolebinding', 'view', '--clusterrole=view', '--user=controller']);
  await eventually(async () => assert.equal(await cluster.kubectl(list), 'configmap/kube-root-ca.crt\n'));
});

test('a followed kind tells what is there and what becomes of it', async (t) => {
  const { api, namespace } = await startCluster(t);
  const configMap = { apiVersion: 'v1', kind: 'ConfigMap' };
  const labels = { told: 'yes' };
  await api.create({ ...configMap, metadata: { name: 'before', namespace, labels } });
  const told: string[] = [];
  const end = new AbortController();
  const following = follow(
    api,
    { ...configMap, namespace, labelSelector: 'told=yes' },
    ({ type, object }) => told.push(`${type} ${object.metadata.name}`),
    end.signal,
  );
  await eventually(() => assert.deepEqual(told, ['ADDED before']));
  await api.create({ ...configMap, metadata: { name: 'unlabelled', namespace } });
  await api.patch({ ...configMap, namespace, name: 'before' }, { data: { key: 'value' } });
  await api.delete({ ...configMap, namespace, name: 'before' });
  await eventually(() => assert.deepEqual(told, ['ADDED before', 'MODIFIED before', 'DELETED before']));
  end.abort();
  await following;
});

function deployment(namespace: string, replicas: number) {
  const labels = { app: 'web' };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace },
    spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: podSpec } },
  };
}

function job(namespace: string) {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once', namespace },
    spec: { template: { spec: { ...podSpec, restartPolicy: 'Never' } } },
  };
}

const podSpec = { containers: [{ name: 'main', image: 'example.test/main:1' }] };
