import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { Discovery } from '../../src/main/kube/discovery.ts';
import { KubeError } from '../../src/main/kube/errors.ts';
import { getObject } from '../../src/main/kube/requests.ts';
import { Store } from '../../src/main/kube/store.ts';
import type { ClusterClient } from '../../src/main/kube/types.ts';
import { watchKind } from '../../src/main/kube/watch.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type ControlPlane, startControlPlane } from '../../tools/control-plane/control-plane.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { faultyStreams } from '../integration/kube-faults.ts';
import { kindIn, remove, write } from '../integration/kube-scene.ts';

let plane: ControlPlane;
let client: ClusterClient;
let discovery: Discovery;

before(async () => {
  plane = await startControlPlane();
  client = connect(await loadClusterConfig({ kubeconfigPath: plane.kubeconfigPath }));
  discovery = new Discovery(client);
  await discovery.refresh();
});

after(async () => {
  await client.close();
  await plane.stop();
});

function configMap(name: string) {
  return { resource: kindIn(discovery, '', 'ConfigMap'), namespace: 'default', name };
}

async function restartApiServer(): Promise<void> {
  await plane.components['kube-apiserver'].kill();
  await plane.components['kube-apiserver'].start();
  await plane.ready();
}

test('a watch goes on after the API server was killed, and sees what it missed', async (t) => {
  await write(client, configMap('stays'), {});
  await write(client, configMap('goes'), {});
  const store = new Store<KubeObject>();
  const faults = faultyStreams(client);
  const { resource, namespace } = configMap('');
  const fieldSelector = 'metadata.name!=kube-root-ca.crt';
  const watch = watchKind({ client: faults.client, resource, namespace, fieldSelector, form: 'full', sink: store });
  t.after(watch.stop);
  await watch.synced;

  // A restarted API server remembers nothing of what was before: the watch's version is too old for it.
  await faults.whileCut(async () => {
    await remove(client, configMap('goes'));
    await restartApiServer();
  });
  await eventually(() =>
    assert.deepEqual(
      [...store.values()].map(({ metadata }) => metadata.name),
      ['stays'],
    ),
  );
  assert.deepEqual(faults.listed(), [true, false, true]);

  await restartApiServer();
  await eventually(() => write(client, configMap('comes'), {}));
  await eventually(() => assert.ok(store.get('default/comes')));
});

test('an API server that is gone fails requests at once, and serves again when it is back', async () => {
  const { 'kube-apiserver': apiServer } = plane.components;
  await apiServer.kill();
  const ask = () => getObject(client, configMap('stays'));
  const reasons: string[] = [];
  for (let i = 0; i < 8; i += 1) await ask().catch((error: KubeError) => reasons.push(error.reason));
  assert.deepEqual([...new Set(reasons)], ['Network', 'Unavailable']);
  await apiServer.start();
  await plane.ready();
  await eventually(ask);
});

test('an API server that hangs is given up at the deadline, and serves again when it moves', async () => {
  const { 'kube-apiserver': apiServer } = plane.components;
  const ask = () => getObject(client, { ...configMap('stays'), timeoutMs: 300 });
  const askUntilRefused = async () => {
    for (;;) await ask(); // the pause takes a moment to arrive
  };
  apiServer.pause();
  try {
    await assert.rejects(askUntilRefused, (error) => {
      return error instanceof KubeError && error.reason === 'Timeout' && /within 0.3 s$/.test(error.message);
    });
  } finally {
    apiServer.resume();
  }
  await eventually(ask);
});

test('an aggregated API that is down hides none of the others', async () => {
  await plane.api.create({
    apiVersion: 'apiregistration.k8s.io/v1',
    kind: 'APIService',
    metadata: { name: 'v1.down.example.test' },
    spec: {
      group: 'down.example.test',
      version: 'v1',
      groupPriorityMinimum: 100,
      versionPriority: 100,
      insecureSkipTLSVerify: true,
      service: { namespace: 'default', name: 'nobody' },
    },
  });
  await eventually(async () => {
    const { groups } = await plane.api.send<{ groups: { name: string }[] }>('GET', '/apis');
    assert.ok(groups.some(({ name }) => name === 'down.example.test'));
  });
  await discovery.refresh();
  assert.ok(discovery.find({ group: 'apps', kind: 'Deployment' }));
  assert.equal(discovery.find({ group: 'down.example.test', kind: 'Anything' }), undefined);

  const plain: ClusterClient = { ...client, send: ({ answer: _aggregated, ...request }) => client.send(request) };
  const older = new Discovery(plain);
  await older.refresh();
  assert.deepEqual(older.clusterScopedKinds().toSorted(), discovery.clusterScopedKinds().toSorted());
  for (const key of discovery.clusterScopedKinds()) {
    const [group = '', kind = ''] = key.split('/');
    assert.deepEqual(older.find({ group, kind })?.version, discovery.find({ group, kind })?.version);
  }
});
