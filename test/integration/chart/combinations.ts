import type { ChartValues } from '../../harness/helm.ts';
import { everyPair } from '../../support/every-pair.ts';

/** What can be switched, and the values that each choice stands for. */
const switches = {
  rights: { tenants: {}, admin: { rbac: { clusterAdmin: true } }, unwatched: { rbac: { watchedKinds: [] } } },
  scope: { all: {}, some: { controller: { watchNamespaces: ['team-a', 'team-b'] } } },
  tenantAuth: { impersonate: {}, token: { controller: { tenantAuth: 'token' } } },
  replicas: {
    one: {},
    unelected: { controller: { leaderElect: false } },
    three: { replicas: { min: 3, max: 3 } },
    scaled: { replicas: { min: 2, max: 5 } },
    sharded: { replicas: { min: 2, max: 2 }, controller: { shards: 2 } },
  },
  webhook: {
    selfSigned: {},
    certManager: { webhook: { certMode: 'cert-manager' } },
    issued: { webhook: { certMode: 'cert-manager', issuerRef: { kind: 'ClusterIssuer', name: 'house' } } },
    none: { webhook: { enabled: false } },
  },
  gate: { on: {}, off: { gate: { enabled: false } } },
  mcp: {
    off: {},
    reading: { mcp: { enabled: true } },
    changing: { mcp: { enabled: true, allowMutations: true } },
    open: { mcp: { enabled: true, allowMutations: true, auth: 'none' } },
  },
  rollback: {
    none: {},
    made: {
      rollbackStore: { backend: 'pvc', pvc: { accessModes: ['ReadWriteMany'], storageClass: 'nfs', size: '10Gi' } },
    },
    claimed: { rollbackStore: { backend: 'pvc', pvc: { existingClaim: 'there' } } },
    s3: { rollbackStore: { backend: 's3', s3: { endpoint: 's3.example', bucket: 'b' } } },
    keyed: { rollbackStore: { backend: 's3', s3: { endpoint: 's3.example', bucket: 'b', existingSecret: 'keys' } } },
  },
  metrics: {
    on: {},
    off: { metrics: { enabled: false } },
    scraped: { metrics: { serviceMonitor: { enabled: true, interval: '30s', labels: { release: 'prometheus' } } } },
  },
  alerts: {
    off: {},
    plain: { metrics: { prometheusRule: { enabled: true } } },
    tuned: {
      metrics: {
        prometheusRule: {
          enabled: true,
          labels: { role: 'alerts' },
          thresholds: { reconcileErrors: 0.5, workqueueDepth: 2_000_000, podDown: '1h' },
          extraAlertLabels: { team: 'platform' },
          extraRules: [{ record: 'stageset:ready:sum', expr: 'sum(stageset_stage_ready)' }],
          runbookBaseURL: 'https://runbooks.example/stageset/',
        },
      },
    },
  },
  dashboard: { off: {}, on: { metrics: { dashboard: { enabled: true, annotations: { folder: 'Flux' } } } } },
  network: {
    open: {},
    fenced: { networkPolicy: { enabled: true } },
    peered: {
      networkPolicy: {
        enabled: true,
        gateFrom: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'flagger' } } }],
        metricsFrom: [{ podSelector: {} }],
        mcpFrom: [{ ipBlock: { cidr: '10.0.0.0/8' } }],
      },
    },
  },
  namespace: { found: {}, kept: { namespace: { create: true, pssLevel: 'baseline' } } },
  crds: { made: {}, found: { crds: { create: false } } },
  account: {
    made: {},
    named: { serviceAccount: { name: 'delivery', annotations: { 'example.com/role': 'arn' } } },
    found: { serviceAccount: { create: false, name: 'there' } },
  },
  names: {
    chart: {},
    full: { fullnameOverride: 'delivery' },
    short: { nameOverride: 'stages' },
    digits: { fullnameOverride: '123' },
  },
  pod: {
    plain: {},
    adorned: {
      image: { registry: 'images.example/team/', tag: `sha256:${'0'.repeat(64)}`, pullPolicy: 'Always' },
      imagePullSecrets: [{ name: 'pull' }],
      resources: { cpu: 2, memory: '4Gi' },
      podLabels: { team: 'platform' },
      podAnnotations: { 'example.com/note': 'yes' },
      extraEnv: [{ name: 'VAULT_ADDR', value: 'https://vault.example' }],
      extraVolumes: [{ name: 'ca', configMap: { name: 'ca' } }],
      extraVolumeMounts: [{ name: 'ca', mountPath: '/etc/ca', readOnly: true }],
      nodeSelector: { 'kubernetes.io/os': 'linux' },
      tolerations: [{ key: 'control', operator: 'Exists' }],
      affinity: { nodeAffinity: {} },
      topologySpreadConstraints: [
        { maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'DoNotSchedule' },
      ],
      priorityClassName: 'system-cluster-critical',
    },
    unlimited: {
      resources: { cpu: null, memory: 8_589_934_592, ephemeralStorage: '.5Gi' },
      podSecurityContext: { seccompProfile: null },
      podLabels: { 'app.kubernetes.io/version': 'ours' },
      podAnnotations: { 'kubectl.kubernetes.io/default-container': 'other' },
    },
  },
} as const satisfies Readonly<Record<string, Readonly<Record<string, ChartValues>>>>;

export type Choices = Readonly<Record<keyof typeof switches, string>>;

export interface Combination {
  readonly choices: Choices;
  readonly values: ChartValues;
}

export function combinations(): readonly Combination[] {
  const names = Object.fromEntries(
    Object.entries(switches).map(([name, choices]) => [name, Object.keys(choices)]),
  ) as unknown as Record<keyof typeof switches, readonly string[]>;
  return everyPair(names).map((choices) => ({ choices, values: valuesOf(choices) }));
}

function valuesOf(choices: Choices): ChartValues {
  const chosen = Object.entries(choices).map(
    ([name, choice]) => (switches as Readonly<Record<string, Readonly<Record<string, ChartValues>>>>)[name]?.[choice],
  );
  return chosen.reduce<ChartValues>((all, values = {}) => merged(all, values), {});
}

function merged(a: ChartValues, b: ChartValues): ChartValues {
  const both = Object.entries(b).map(([key, value]) => {
    const other = a[key];
    return [key, isMap(other) && isMap(value) ? merged(other, value) : value] as const;
  });
  return { ...a, ...Object.fromEntries(both) };
}

function isMap(value: unknown): value is ChartValues {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
