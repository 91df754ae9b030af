import { join } from 'node:path';
import type { User } from './identities.ts';
import type { BinaryName } from './toolset.ts';

export type ComponentName = Exclude<BinaryName, 'kubectl'>;

/** Where things lie below the temporary folder of one control plane. */
export interface Layout {
  readonly etcdData: string;
  readonly etcdSocket: string;
  readonly certificates: string;
  /** Written by the API server: its own certificate, then the one that signed it. */
  readonly serverCertificate: string;
  readonly tokens: string;
  readonly serviceAccountKey: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
  /** For people and tests: one context each for `admin` and `controller`. */
  readonly kubeconfig: string;
  kubeconfigOf(user: User): string;
  log(component: ComponentName): string;
}

export function layoutIn(dir: string): Layout {
  return {
    etcdData: join(dir, 'etcd'),
    etcdSocket: join(dir, 'etcd.sock'),
    certificates: join(dir, 'certificates'),
    serverCertificate: join(dir, 'certificates', 'apiserver.crt'),
    tokens: join(dir, 'tokens.csv'),
    serviceAccountKey: join(dir, 'service-account.key'),
    auditPolicy: join(dir, 'audit-policy.json'),
    auditLog: join(dir, 'audit.log'),
    kubeconfig: join(dir, 'kubeconfig'),
    kubeconfigOf: (user) => join(dir, `${user}.kubeconfig`),
    log: (component) => join(dir, `${component}.log`),
  };
}
