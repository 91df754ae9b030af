import type { KubeObject } from '../../src/shared/objects/object.ts';
import type { Rule } from '../../tools/chart/grants.ts';
import type { KubeApi } from '../../tools/control-plane/kube-api.ts';

const group = 'rbac.authorization.k8s.io';

export type Subject =
  | { readonly kind: 'ServiceAccount'; readonly namespace: string; readonly name: string }
  | { readonly kind: 'User'; readonly name: string };

/** Lets somebody do this in one namespace or, without one, everywhere. Role and binding have this name; of the same name they replace what was. */
export async function allow(
  api: KubeApi,
  name: string,
  subject: Subject,
  rules: readonly Rule[],
  namespace?: string,
): Promise<void> {
  const scope = namespace === undefined ? 'Cluster' : '';
  const rbac = { apiVersion: `${group}/v1`, metadata: { name, ...(namespace !== undefined && { namespace }) } };
  await api.apply({ ...rbac, kind: `${scope}Role`, rules } as KubeObject);
  await api.apply({
    ...rbac,
    kind: `${scope}RoleBinding`,
    roleRef: { apiGroup: group, kind: `${scope}Role`, name },
    subjects: [subject.kind === 'User' ? { ...subject, apiGroup: group } : subject],
  } as KubeObject);
}

/** Lets an account do whatever it likes, everywhere. */
export async function allowEverything(api: KubeApi, name: string, subject: Subject): Promise<void> {
  await api.apply({
    apiVersion: `${group}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: group, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [subject],
  } as KubeObject);
}
