import { fromFlag, labelOrNone, listOf, url, type Values } from './value.ts';

/** Flags under their own names, or the names that they have always had here. */
export const controllerValues: Values = {
  leaderElect: fromFlag('leaderElect', { fallback: true }),
  shards: fromFlag('shards'),
  watchNamespaces: fromFlag('watchNamespaces', {
    says: 'Namespaces to look after; nothing outside them is watched, and rights are granted there only. Empty: all.',
    schema: { ...listOf({ ...labelOrNone, minLength: 1, maxLength: 63 }), uniqueItems: true },
  }),
  concurrent: fromFlag('concurrent'),
  defaultInterval: fromFlag('defaultIntervalMs'),
  inventoryMode: fromFlag('inventoryMode'),
  inventoryShardCap: fromFlag('inventoryShardCap'),
  driftWatch: fromFlag('driftWatch'),
  overrideManager: fromFlag('overrideManagers', {
    says: 'Field managers whose fields on our objects become ours, as those of kubectl, Flux, Argo CD and Helm do.',
  }),
  maxTeardownWait: fromFlag('maxTeardownWaitMs'),
  runbookBaseURL: fromFlag('runbookBaseUrl', { schema: url }),
  tenantAuth: fromFlag('tenantAuth'),
  noCrossNamespaceRefs: fromFlag('noCrossNamespaceRefs'),
  allowedActionHosts: fromFlag('allowedActionHosts', {
    says: 'Hosts that http actions may call; * stands for any run of characters, dots too. Empty: any. Loopback and link-local hosts only when spelled out here, cloud metadata never.',
  }),
  allowLoopbackArtifacts: fromFlag('allowLoopbackArtifacts'),
  insecureKubeconfigTls: fromFlag('insecureKubeconfigTls'),
  workers: fromFlag('workers'),
  workersMax: fromFlag('workersMax'),
  workerMemory: fromFlag('workerMemoryBytes'),
  memoryBudget: fromFlag('memoryBudgetBytes'),
  buildCache: fromFlag('buildCacheBytes'),
  kubeApiQps: fromFlag('kubeApiQps'),
  kubeApiBurst: fromFlag('kubeApiBurst'),
  eventsAddr: fromFlag('eventsAddr', { schema: url }),
  webhookCaLimit: fromFlag('webhookCaLimit', {
    says: 'Most certificates in the caBundle of a self-signed webhook, the newest. Twice replicas.max where that is more.',
  }),
  logLevel: fromFlag('logLevel', { says: 'Least level that is logged. Empty: info.' }),
  logEncoding: fromFlag('logEncoding', { says: 'How log lines are written. Empty: json.' }),
  zapLogLevel: fromFlag('zapLogLevel'),
  zapEncoder: fromFlag('zapEncoder'),
  zapStacktraceLevel: fromFlag('zapStacktraceLevel'),
  zapTimeEncoding: fromFlag('zapTimeEncoding'),
  zapDevel: fromFlag('zapDevel'),
  kubeconfig: fromFlag('kubeconfig', {
    says: 'Path in the pod (extraVolumes) of a kubeconfig, to look after another cluster. Empty: the cluster it runs in.',
  }),
};
