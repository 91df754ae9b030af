import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { newTokens } from '../../tools/control-plane/identities.ts';
import { kubeconfigFor } from '../../tools/control-plane/kubeconfig.ts';
import type { TestPlane } from './test-plane.ts';

/** Writes a kubeconfig of this ServiceAccount, with its namespace as that of the context; gives its path. */
export async function kubeconfigOf(
  { api, dir, server }: Pick<TestPlane, 'api' | 'dir' | 'server'>,
  namespace: string,
  account: string,
): Promise<string> {
  const { status } = await api.send<{ readonly status: { readonly token: string } }>(
    'POST',
    `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`,
    { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} } },
  );
  const kubeconfig = kubeconfigFor(server, { ...newTokens(), admin: status.token }, ['admin']);
  const path = join(dir, `${namespace}-${account}.kubeconfig`);
  await writeFile(path, kubeconfig.replace('user: admin', `user: admin\n      namespace: ${namespace}`), {
    mode: 0o600,
  });
  return path;
}

/** As the API server and its audit log name it. */
export function userOf(namespace: string, account: string): string {
  return `system:serviceaccount:${namespace}:${account}`;
}
