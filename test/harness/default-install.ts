import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type Circumstance, grants, type Rule, verbsOfWatchedKinds } from '../../tools/chart/grants.ts';
import { type ControllerProcess, startController } from './controller.ts';
import { crashesIn, type Scene } from './scene.ts';
import type { TestPlane } from './test-plane.ts';

/** The chart's grants under these circumstances, and its watches on the kinds that tests apply. */
function granted(...circumstances: readonly Circumstance[]): readonly Rule[] {
  const rules = grants.filter(({ when }) => when === undefined || circumstances.includes(when));
  return [
    ...rules.map(({ apiGroups, resources, verbs }) => ({ apiGroups, resources, verbs })),
    { apiGroups: [''], resources: ['configmaps', 'services', 'namespaces'], verbs: verbsOfWatchedKinds },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: verbsOfWatchedKinds },
  ];
}

/** What the controller needs in each namespace that it watches, and nothing else. */
export const scopedRules = granted('scoped', 'impersonating');

/** What the controller has on a multi-tenant cluster, but for how it acts as tenants: it writes nothing but its own. */
export const ownRules = granted('clusterWide', 'electing');

export const impersonation = grantOf('impersonating');
export const tokenRequests = grantOf('requestingTokens');
/** Of MCP with changes; there is no such right in a namespace. */
export const tokenReviews = grantOf('takingTokens');

function grantOf(circumstance: Circumstance): Rule {
  const found = grants.find(({ when }) => when === circumstance);
  assert.ok(found);
  const { apiGroups, resources, verbs } = found;
  return { apiGroups, resources, verbs };
}

const running: ControllerProcess[] = [];

after(async () => {
  for (const controller of running) await controller.kill();
  assert.deepEqual(running.flatMap(crashesIn), []);
});

/** Starts the controller as a user who has these rights and no other. It ends with the test file. */
export async function startWithRights(
  { plane }: Scene,
  rules: readonly Rule[],
  flags: readonly string[] = [],
): Promise<ControllerProcess> {
  await grantToController(plane, rules);
  return startAsController(plane, flags);
}

async function startAsController(plane: TestPlane, flags: readonly string[]): Promise<ControllerProcess> {
  const path = join(plane.dir, 'controller.kubeconfig');
  await writeFile(path, asController(plane.kubeconfig), { mode: 0o600 });
  const controller = await startController(path, flags);
  running.push(controller);
  return controller;
}

/** The same with these rights in these namespaces, and none anywhere else. */
export async function startWithin(
  { plane }: Scene,
  namespaces: readonly string[],
  rules: readonly Rule[],
  flags: readonly string[] = [],
): Promise<ControllerProcess> {
  const { api } = plane;
  for (const namespace of namespaces) {
    const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'stageset-controller', namespace } };
    await api.create({ ...rbac, kind: 'Role', rules } as KubeObject);
    await api.create({
      ...rbac,
      kind: 'RoleBinding',
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'stageset-controller' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'controller' }],
    } as KubeObject);
  }
  return startAsController(plane, [`--watch-namespaces=${namespaces.join(',')}`, ...flags]);
}

async function grantToController({ api }: TestPlane, rules: readonly Rule[]): Promise<void> {
  const rbac = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'stageset-controller' } };
  await api.apply({ ...rbac, kind: 'ClusterRole', rules } as KubeObject);
  await api.apply({
    ...rbac,
    kind: 'ClusterRoleBinding',
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'stageset-controller' },
    subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'controller' }],
  } as KubeObject);
}

function asController(kubeconfig: string): string {
  const changed = kubeconfig.replace(/(current-context"?: "?)admin/, '$1controller');
  assert.notEqual(changed, kubeconfig);
  return changed;
}
