import type { KubeApi } from '../../tools/control-plane/kube-api.ts';
import { allowEverything } from './rbac.ts';

/** Whom StageSets of tests act as that name nobody. */
export const tenant = 'app-team';

/** It may do everything, so that what is refused is what a test is about. */
export async function letTenantWork(api: KubeApi, namespace: string): Promise<void> {
  await Promise.all([
    api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: tenant, namespace } }),
    allowEverything(api, `${namespace}-${tenant}`, { kind: 'ServiceAccount', namespace, name: tenant }),
  ]);
}
