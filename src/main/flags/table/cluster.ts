import { countFlag, namespacesFlag, switchFlag, textFlag } from '../kinds.ts';

export const clusterFlags = {
  kubeconfig: textFlag({
    name: 'kubeconfig',
    value: 'FILE',
    fallback: '',
    help: 'Kubeconfig to use outside a cluster. Empty: $KUBECONFIG, then the pod’s service account.',
  }),
  watchNamespaces: namespacesFlag({
    name: 'watch-namespaces',
    environment: 'STAGESET_WATCH_NAMESPACES',
    help: 'Namespaces to look after, separated by commas; nothing outside them is watched. Empty: all.',
  }),
  leaderElect: switchFlag({
    name: 'leader-elect',
    fallback: false,
    help: 'Let one replica work at a time; another takes over when it stops or dies.',
  }),
  shards: countFlag({
    name: 'shards',
    fallback: 1,
    min: 1,
    max: 64,
    help: 'Split the StageSets into so many parts, which the replicas share evenly. More than 1 implies --leader-elect.',
  }),
  kubeApiQps: countFlag({
    name: 'kube-api-qps',
    fallback: 0,
    min: 0,
    max: 100_000,
    help: 'Most requests a second to this cluster’s API server. 0: as many as it answers without distress. Requests in flight follow its latency either way.',
  }),
  kubeApiBurst: countFlag({
    name: 'kube-api-burst',
    fallback: 0,
    min: 0,
    max: 100_000,
    help: 'How many of them may go at once, where --kube-api-qps is set. 0: twice that number.',
  }),
} as const;
