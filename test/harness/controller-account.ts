import { kubeconfigOf } from './account.ts';
import { allKinds, clusterWideRules, releaseRules, watching } from './chart-rules.ts';
import { allow } from './rbac.ts';
import type { TestPlane } from './test-plane.ts';

const users = new Set<string>();

/** As the audit log names the accounts that were made here: nothing that they ask for may be refused. */
export const controllerUsers: ReadonlySet<string> = users;

/**
 * Makes an account that may do exactly what the chart grants the controller of a cluster of many tenants.
 * Gives the path of a kubeconfig that leads there as this account.
 */
export async function createControllerAccount(plane: TestPlane, namespace: string, name: string): Promise<string> {
  const { api } = plane;
  const account = { kind: 'ServiceAccount', namespace, name } as const;
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  await allow(api, `${namespace}-${name}`, account, [...clusterWideRules, ...watching(allKinds)]);
  await allow(api, name, account, releaseRules, namespace);
  users.add(`system:serviceaccount:${namespace}:${name}`);
  return await kubeconfigOf(plane, namespace, name);
}
