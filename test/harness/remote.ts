import { after } from 'node:test';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { allow, type Subject } from './rbac.ts';
import type { Scene } from './scene.ts';
import { letTenantWork } from './tenant.ts';
import { type TestPlane, takePlane } from './test-plane.ts';

/** A second cluster, shared by the tests of a file, where each has the namespace that it has at home. */
export async function startRemote({ namespace }: Scene): Promise<TestPlane> {
  starting ??= takePlane();
  const plane = await starting;
  await plane.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  await letTenantWork(plane.api, namespace);
  await eventually(() => plane.api.get({ apiVersion: 'v1', kind: 'ServiceAccount', namespace, name: 'default' }));
  return plane;
}

let starting: Promise<TestPlane> | undefined;

after(async () => {
  const plane = await starting?.catch(() => undefined);
  await plane?.stop();
});

export interface KubeconfigParts {
  readonly server: string;
  readonly cluster?: object;
  readonly user?: object;
}

/** As people write them. */
export function kubeconfigText({ server, cluster = {}, user = {} }: KubeconfigParts): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'remote',
    contexts: [{ name: 'remote', context: { cluster: 'remote', user: 'remote' } }],
    clusters: [{ name: 'remote', cluster: { server, ...cluster } }],
    users: [{ name: 'remote', user }],
  });
}

/** Leads to this control plane as its admin. */
export function kubeconfigOf(
  { server, adminToken }: Pick<TestPlane, 'server' | 'adminToken'>,
  user: object = { token: adminToken },
): string {
  const certificateAuthority = Buffer.from(server.certificateAuthority).toString('base64');
  return kubeconfigText({ server: server.url, cluster: { 'certificate-authority-data': certificateAuthority }, user });
}

export async function putSecret(
  { api, namespace }: Scene,
  name: string,
  data: Readonly<Record<string, string>>,
): Promise<KubeObject> {
  return api.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, stringData: data } as KubeObject);
}

interface Grant {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly group?: string;
}

/** Lets a ServiceAccount of the namespace do this there. */
export function grant(
  api: TestPlane['api'],
  namespace: string,
  account: string,
  rules: readonly Grant[],
): Promise<void> {
  return bind(api, namespace, { kind: 'ServiceAccount', name: account, namespace }, rules);
}

/** The same for who is no account of the cluster's, but a person, say. */
export function grantUser(
  api: TestPlane['api'],
  namespace: string,
  user: string,
  rules: readonly Grant[],
): Promise<void> {
  return bind(api, namespace, { kind: 'User', name: user }, rules);
}

function bind(api: TestPlane['api'], namespace: string, subject: Subject, rules: readonly Grant[]): Promise<void> {
  const name = `${subject.name}-${Math.random().toString(36).slice(2, 8)}`;
  const asRbac = rules.map(({ group = '', resources, verbs }) => ({ apiGroups: [group], resources, verbs }));
  return allow(api, name, subject, asRbac, namespace);
}
