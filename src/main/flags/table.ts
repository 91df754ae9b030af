import { defaultValues } from '../../shared/api/default-values.ts';
import { logLevels } from '../log/log.ts';
import {
  autoCountFlag,
  bytesFlag,
  choiceFlag,
  countFlag,
  durationFlag,
  hostFlag,
  hostsFlag,
  namesFlag,
  namespacesFlag,
  switchFlag,
  textFlag,
  webAddressFlag,
} from './flag.ts';

/** Every flag of the controller. `--help`, validation and the docs page read this table. */
export const flags = {
  kubeconfig: textFlag({
    name: 'kubeconfig',
    value: 'FILE',
    fallback: '',
    help: 'Kubeconfig to use outside a cluster. Empty: $KUBECONFIG, then the pod’s service account.',
  }),
  concurrent: countFlag({
    name: 'concurrent',
    fallback: 16,
    min: 1,
    max: 10_000,
    help: 'How many StageSets are worked on at once. One that only waits does not count.',
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
  watchNamespaces: namespacesFlag({
    name: 'watch-namespaces',
    environment: 'STAGESET_WATCH_NAMESPACES',
    help: 'Namespaces to look after, separated by commas; nothing outside them is watched. Empty: $STAGESET_WATCH_NAMESPACES, then all.',
  }),
  defaultIntervalMs: durationFlag({
    name: 'default-interval',
    fallback: '10m',
    help: 'Reconcile cadence of StageSets that omit spec.interval.',
  }),
  inventoryMode: choiceFlag({
    name: 'inventory-mode',
    choices: ['entries', 'hybrid', 'applyset'],
    fallback: defaultValues.inventoryMode,
    help: 'How applied objects are recorded: in entries only, with ApplySet labels too, or found by those as well.',
  }),
  inventoryShardCap: countFlag({
    name: 'inventory-shard-cap',
    fallback: 5_000,
    min: 1,
    max: 1_000_000,
    help: 'Most entries that one StageInventory holds.',
  }),
  noCrossNamespaceRefs: switchFlag({
    name: 'no-cross-namespace-refs',
    fallback: false,
    help: 'Refuse sourceRef and dependsOn that lead into another namespace.',
  }),
  maxTeardownWaitMs: durationFlag({
    name: 'max-teardown-wait',
    fallback: '1h',
    help: 'How long a deleted StageSet waits for its objects to go before its finalizer is dropped.',
  }),
  driftWatch: switchFlag({
    name: 'drift-watch',
    fallback: true,
    help: 'Correct drift when it happens, not only at the interval.',
  }),
  overrideManagers: namesFlag({
    name: 'override-manager',
    value: 'NAME',
    help: 'Field manager whose fields on our objects become ours, as those of kubectl, Flux, Argo CD and Helm do. Repeatable.',
  }),
  allowLoopbackArtifacts: switchFlag({
    name: 'allow-loopback-artifacts',
    fallback: false,
    help: 'Let artifacts, and whatever else StageSets name, be reached at loopback addresses. For demos and tests. Of http actions --allowed-action-hosts decides.',
  }),
  allowedActionHosts: hostsFlag({
    name: 'allowed-action-hosts',
    help: 'Host that http actions may call; * stands for any run of characters, dots too. Repeatable. Empty: any. Loopback and link-local hosts only when spelled out here, cloud metadata never.',
  }),
  tenantAuth: choiceFlag({
    name: 'tenant-auth',
    choices: ['impersonate', 'token'],
    fallback: 'impersonate',
    help: 'How the controller acts as a ServiceAccount: by the impersonation header, or with a short-lived token of it. Needs impersonate of serviceaccounts, or create of serviceaccounts/token. Other clusters: always the header.',
  }),
  insecureKubeconfigTls: switchFlag({
    name: 'insecure-kubeconfig-tls',
    fallback: false,
    help: 'Let the kubeconfigs of StageSets lead to servers that do not prove who they are.',
  }),
  rollbackStorePath: textFlag({
    name: 'rollback-store-path',
    value: 'FOLDER',
    fallback: '',
    help: 'Where what was applied is kept for rollbacks: a volume that all replicas share, and that is encrypted, for Secrets are in it. Empty: not in a folder.',
  }),
  rollbackStoreS3Endpoint: hostFlag({
    name: 'rollback-store-s3-endpoint',
    fallback: '',
    help: 'The same in a bucket: the host of an S3 server, such as s3.eu-west-1.amazonaws.com or minio.minio.svc:9000. Empty, or without a bucket: not in S3.',
  }),
  rollbackStoreS3Bucket: textFlag({
    name: 'rollback-store-s3-bucket',
    value: 'NAME',
    fallback: '',
    help: 'A bucket that exists.',
  }),
  rollbackStoreS3Prefix: textFlag({
    name: 'rollback-store-s3-prefix',
    value: 'PATH',
    fallback: '',
    help: 'Before each key, where the bucket is not for this controller alone.',
  }),
  rollbackStoreS3Region: textFlag({
    name: 'rollback-store-s3-region',
    value: 'NAME',
    fallback: '',
    help: 'Region of the bucket. Empty: the one that the endpoint names, else us-east-1, which servers other than AWS take.',
  }),
  rollbackStoreS3UseSsl: switchFlag({
    name: 'rollback-store-s3-use-ssl',
    fallback: true,
    help: 'Speak TLS with the S3 server.',
  }),
  rollbackStoreS3AccessKey: textFlag({
    name: 'rollback-store-s3-access-key',
    value: 'ID',
    fallback: '',
    help: 'Access key. Empty: ambient credentials (environment, web identity, metadata of container or machine).',
  }),
  rollbackStoreS3SecretKey: textFlag({
    name: 'rollback-store-s3-secret-key',
    value: 'KEY',
    fallback: '',
    help: 'The secret that belongs to the access key.',
  }),
  rollbackStoreS3SessionToken: textFlag({
    name: 'rollback-store-s3-session-token',
    value: 'TOKEN',
    fallback: '',
    help: 'Session token, where the access key is a temporary one.',
  }),
  rollbackStoreS3Anonymous: switchFlag({
    name: 'rollback-store-s3-anonymous',
    fallback: false,
    help: 'Sign no request.',
  }),
  rollbackStoreS3Sse: choiceFlag({
    name: 'rollback-store-s3-sse',
    choices: ['none', 's3', 'kms'],
    fallback: 's3',
    help: 'How the server is to encrypt: Secrets are in what it keeps.',
  }),
  rollbackStoreS3SseKmsKey: textFlag({
    name: 'rollback-store-s3-sse-kms-key',
    value: 'ARN',
    fallback: '',
    help: 'Key for --rollback-store-s3-sse=kms. Empty: the bucket’s own.',
  }),
  workers: autoCountFlag({
    name: 'workers',
    min: 1,
    max: 256,
    help: 'Tasks (unpacking, building) in flight at once, each on a thread. auto: begins with the CPU quota, grows while tasks queue and CPU is free, shrinks when idle.',
  }),
  workersMax: autoCountFlag({
    name: 'workers-max',
    min: 1,
    max: 256,
    help: 'How far --workers=auto may grow. auto: twice the CPU quota of the container, for a thread between two tasks leaves its CPU to another.',
  }),
  workerMemoryBytes: bytesFlag({
    name: 'worker-memory',
    help: 'Heap limit of one worker thread. 0: 512Mi, or less in a small container.',
  }),
  memoryBudgetBytes: bytesFlag({
    name: 'memory-budget',
    help: 'Most bytes of downloads, unpacked artifacts and plans in flight. 0: half of what the container may use.',
  }),
  buildCacheBytes: bytesFlag({
    name: 'build-cache',
    help: 'Most bytes of finished builds kept for reuse. 0: 256Mi, or less in a small container.',
  }),
  metricsBindAddress: textFlag({
    name: 'metrics-bind-address',
    value: 'ADDRESS',
    fallback: ':8080',
    help: 'Address of the Prometheus endpoint. "0" disables it.',
  }),
  healthProbeBindAddress: textFlag({
    name: 'health-probe-bind-address',
    value: 'ADDRESS',
    fallback: ':8081',
    help: 'Address of /healthz and /readyz. "0" disables them.',
  }),
  eventsAddr: webAddressFlag({
    name: 'events-addr',
    fallback: '',
    help: 'Where Flux’s notification-controller takes events, such as http://notification-controller.flux-system/. Empty: events stay in Kubernetes.',
  }),
  runbookBaseUrl: textFlag({
    name: 'runbook-base-url',
    value: 'URL',
    fallback: '',
    help: 'Where runbooks are published; unhealthy messages then end in a link. Empty: no links.',
  }),
  logLevel: choiceFlag({
    name: 'log-level',
    choices: logLevels,
    fallback: 'info',
    help: 'Least level that is logged.',
  }),
  logEncoding: choiceFlag({
    name: 'log-encoding',
    choices: ['json', 'text'],
    fallback: 'json',
    help: 'How log lines are written.',
  }),
} as const;

export type Settings = { readonly [K in keyof typeof flags]: (typeof flags)[K]['fallback'] };
