import type { ComponentName, Layout } from './layout.ts';
import type { Toolset } from './toolset.ts';

export interface Setup {
  readonly layout: Layout;
  readonly toolset: Toolset;
  readonly apiServerPort: number;
  readonly audit: boolean;
}

/** What each component is started with. All is on 127.0.0.1, and what need not listen does not. */
export const argumentsOf: Readonly<Record<ComponentName, (setup: Setup) => readonly string[]>> = {
  etcd: ({ layout }) => [
    '--name=local',
    `--data-dir=${layout.etcdData}`,
    '--unsafe-no-fsync',
    `--listen-client-urls=unix://${layout.etcdSocket}`,
    // Nobody uses these: etcd insists on them, and port 0 is any free one.
    '--advertise-client-urls=http://127.0.0.1:0',
    '--listen-peer-urls=http://127.0.0.1:0',
    '--initial-advertise-peer-urls=http://127.0.0.1:0',
    '--initial-cluster=local=http://127.0.0.1:0',
    '--log-level=warn',
  ],
  'kube-apiserver': ({ layout, apiServerPort, audit }) => [
    `--etcd-servers=unix://${layout.etcdSocket}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    `--secure-port=${apiServerPort}`,
    `--cert-dir=${layout.certificates}`,
    // The service `kubernetes` may not point at a loopback address, so it points nowhere.
    '--endpoint-reconciler-type=none',
    '--authorization-mode=RBAC',
    // As on OpenShift: who says that an object keeps its owner from going needs a right on that owner.
    '--enable-admission-plugins=OwnerReferencesPermissionEnforcement',
    `--token-auth-file=${layout.tokens}`,
    '--service-cluster-ip-range=10.0.0.0/16',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${layout.serviceAccountKey}`,
    `--service-account-signing-key-file=${layout.serviceAccountKey}`,
    ...(audit ? auditing(layout) : []),
  ],
  'kube-controller-manager': ({ layout }) => [
    `--kubeconfig=${layout.kubeconfigOf('kube-controller-manager')}`,
    '--leader-elect=false',
    '--secure-port=0',
    `--service-account-private-key-file=${layout.serviceAccountKey}`,
    `--root-ca-file=${layout.serverCertificate}`,
    ...freeOfClientLimits,
  ],
  'kube-scheduler': ({ layout }) => [
    `--kubeconfig=${layout.kubeconfigOf('kube-scheduler')}`,
    '--leader-elect=false',
    '--secure-port=0',
    ...freeOfClientLimits,
  ],
  kwok: ({ layout, toolset }) => [
    `--kubeconfig=${layout.kubeconfigOf('kwok')}`,
    '--manage-all-nodes',
    `--config=${toolset.kwokStages}`,
  ],
};

/** In one file however long, from which nothing is ever moved to another. */
function auditing({ auditPolicy, auditLog }: Layout): readonly string[] {
  return [`--audit-policy-file=${auditPolicy}`, `--audit-log-path=${auditLog}`, '--audit-log-maxsize=1000000'];
}

/** The defaults (20 requests a second) are what tests would otherwise wait for. */
const freeOfClientLimits = ['--kube-api-qps=500', '--kube-api-burst=1000'];
