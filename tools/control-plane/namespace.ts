import { eventually } from './eventually.ts';
import type { KubeApi } from './kube-api.ts';

/** Returns when pods can be made in it. */
export async function createNamespace(api: KubeApi, name: string): Promise<void> {
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  await eventually(() => api.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: name, name: 'default' }));
}
