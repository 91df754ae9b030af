import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type ControllerProcess, startController } from './controller.ts';
import { crashesIn, type Scene } from './scene.ts';
import type { TestPlane } from './test-plane.ts';

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

const read = ['get', 'list', 'watch'];

/** What the controller needs in each namespace that it watches, and nothing else. */
export const scopedRules: readonly Rule[] = [
  { apiGroups: ['stages.metio.wtf'], resources: ['*'], verbs: [...read, 'create', 'update', 'patch', 'delete'] },
  { apiGroups: ['source.toolkit.fluxcd.io'], resources: ['*'], verbs: read },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'], verbs: ['create'] },
  { apiGroups: [''], resources: ['namespaces'], verbs: ['get'] },
  { apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: read },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: read },
  { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] },
];

/** What the controller has on a multi-tenant cluster: it reads most things, and writes nothing but its own. */
export const ownRules: readonly Rule[] = [
  { apiGroups: ['stages.metio.wtf'], resources: ['*'], verbs: [...read, 'create', 'update', 'patch', 'delete'] },
  { apiGroups: ['source.toolkit.fluxcd.io'], resources: ['*'], verbs: read },
  { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs: read },
  { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['get', 'list', 'create', 'update'] },
  { apiGroups: ['authorization.k8s.io'], resources: ['subjectaccessreviews'], verbs: ['create'] },
  { apiGroups: [''], resources: ['configmaps', 'services', 'namespaces'], verbs: read },
  { apiGroups: ['apps'], resources: ['deployments'], verbs: read },
];

export const impersonation: Rule = { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['impersonate'] };
/** Of MCP with changes; there is no such right in a namespace. */
export const tokenReviews: Rule = {
  apiGroups: ['authentication.k8s.io'],
  resources: ['tokenreviews'],
  verbs: ['create'],
};
export const tokenRequests: Rule = { apiGroups: [''], resources: ['serviceaccounts/token'], verbs: ['create'] };

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
