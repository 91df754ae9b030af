import type { TestContext } from 'node:test';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { Discovery } from '../../src/main/kube/discovery.ts';
import { deleteObject, serverSideApply, type Target } from '../../src/main/kube/requests.ts';
import { type ClusterClient, type MetadataObject, type Resource, unleased } from '../../src/main/kube/types.ts';
import { startCluster } from '../harness/cluster.ts';

/** The kube client of the controller on the real API server, in a namespace of its own. */
export async function startKubeScene(t: TestContext) {
  const cluster = await startCluster(t);
  const client = connect(await loadClusterConfig({ kubeconfigPath: cluster.kubeconfigPath }));
  t.after(() => client.close());
  const discovery = new Discovery(client);
  await discovery.refresh();
  const { namespace } = cluster;
  const configMaps = kindIn(discovery, '', 'ConfigMap');
  const configMap = (name: string) => ({ resource: configMaps, namespace, name, lease: unleased });
  return { cluster, client, discovery, namespace, configMaps, configMap };
}

export function kindIn(discovery: Discovery, group: string, kind: string): Resource {
  const resource = discovery.find({ group, kind });
  if (resource === undefined) throw new Error(`${group}/${kind} is not served`);
  return resource;
}

export function configMapBody(name: string, data: object, labels: object = {}): string {
  return JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels }, data });
}

/** Writes a ConfigMap and returns its metadata. */
export async function write(client: ClusterClient, target: Target, data: object, labels: object = {}) {
  const body = configMapBody(target.name, data, labels);
  const apply = {
    ...target,
    lease: unleased,
    body,
    fieldManager: 'kube-test',
    force: true,
    answer: 'metadata',
  } as const;
  return (await serverSideApply<MetadataObject>(client, apply)).body.metadata;
}

export function remove(client: ClusterClient, target: Target): Promise<void> {
  return deleteObject(client, { ...target, lease: unleased, propagation: 'Background' });
}
