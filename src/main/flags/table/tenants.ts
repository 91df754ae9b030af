import { choiceFlag, hostsFlag, switchFlag } from '../kinds.ts';

export const tenantFlags = {
  tenantAuth: choiceFlag({
    name: 'tenant-auth',
    choices: ['impersonate', 'token'],
    fallback: 'impersonate',
    help: 'How the controller acts as a ServiceAccount: by the impersonation header, or with a short-lived token of it. Needs impersonate of serviceaccounts, or create of serviceaccounts/token. Other clusters: always the header.',
  }),
  noCrossNamespaceRefs: switchFlag({
    name: 'no-cross-namespace-refs',
    fallback: false,
    help: 'Refuse sourceRef and dependsOn that lead into another namespace.',
  }),
  allowedActionHosts: hostsFlag({
    name: 'allowed-action-hosts',
    help: 'Host that http actions may call; * stands for any run of characters, dots too. Empty: any. Loopback and link-local hosts only when spelled out here, cloud metadata never.',
  }),
  allowLoopbackArtifacts: switchFlag({
    name: 'allow-loopback-artifacts',
    fallback: false,
    help: 'Let artifacts, and whatever else StageSets name, be reached at loopback addresses. For demos and tests. Of http actions --allowed-action-hosts decides.',
  }),
  insecureKubeconfigTls: switchFlag({
    name: 'insecure-kubeconfig-tls',
    fallback: false,
    help: 'Let the kubeconfigs of StageSets lead to servers that do not prove who they are.',
  }),
} as const;
