import { kubeconfigOf, userOf } from './account.ts';
import { allKinds, clusterWideRules, releaseRules, watching } from './chart-rules.ts';
import { allow, type Subject } from './rbac.ts';
import type { TestPlane } from './test-plane.ts';

type Account = Extract<Subject, { kind: 'ServiceAccount' }>;

/** That of scenes. */
export const controllerAccount: Account = {
  kind: 'ServiceAccount',
  namespace: 'test-system',
  name: 'stageset-controller',
};

const users = new Set<string>();

/** As the audit log names the accounts that were made here: nothing that they ask for may be refused. */
export const controllerUsers: ReadonlySet<string> = users;

/**
 * Makes an account that may do exactly what the chart grants the controller of a cluster of many tenants.
 * Gives the path of a kubeconfig that leads there as this account.
 */
export async function createControllerAccount(plane: TestPlane, account: Account): Promise<string> {
  const { api } = plane;
  const { namespace, name } = account;
  await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } });
  await allow(api, `${namespace}-${name}`, account, [...clusterWideRules, ...watching(allKinds)]);
  await allow(api, name, account, releaseRules, namespace);
  users.add(userOf(namespace, name));
  return await kubeconfigOf(plane, namespace, name);
}
