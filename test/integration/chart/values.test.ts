import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { load } from 'js-yaml';
import { contradictionIn } from '../../../src/main/flags/contradictions.ts';
import { parseFlags } from '../../../src/main/flags/parse.ts';
import { flags, type Settings } from '../../../src/main/flags/table.ts';
import type { KubeObject } from '../../../src/shared/objects/object.ts';
import type { FlagKey } from '../../../tools/chart/value.ts';
import { argsIn, type ChartValues, chart, deploymentIn, helm, helmVersions, render } from '../../harness/helm.ts';

const root = join(import.meta.dirname, '..', '..', '..');

function settingsOf(args: readonly string[]): Settings {
  const parsed = parseFlags(flags, args);
  if (parsed.is !== 'run') throw new Error(`the controller refuses ${args.join(' ')}: ${JSON.stringify(parsed)}`);
  assert.equal(contradictionIn(parsed.settings), undefined);
  return parsed.settings;
}

/** They install in orders of their own. */
function byKind(objects: readonly KubeObject[] = []): ReadonlyMap<string, KubeObject> {
  const keyOf = ({ kind, metadata }: KubeObject) => `${kind} ${metadata.namespace} ${metadata.name}`;
  return new Map(objects.map((object) => [keyOf(object), object] as const));
}

/** Nothing as it is by default, in two goes where values exclude each other. */
const situations: readonly ChartValues[] = [
  {
    replicas: { max: 7 },
    controller: {
      leaderElect: false,
      shards: 64,
      watchNamespaces: ['team-a', 'team-b'],
      concurrent: 10_000,
      defaultInterval: '1h30m',
      inventoryMode: 'applyset',
      inventoryShardCap: 1_000_000,
      driftWatch: false,
      overrideManager: ['helm', 'argo cd'],
      maxTeardownWait: '5m',
      runbookBaseURL: 'https://runbooks.example/a?b={c}',
      tenantAuth: 'token',
      noCrossNamespaceRefs: true,
      allowedActionHosts: ['*.example.com:443', '10.0.0.1'],
      allowLoopbackArtifacts: true,
      insecureKubeconfigTls: true,
      workers: 3,
      workersMax: 9,
      workerMemory: '1Gi',
      memoryBudget: 1_500_000_000,
      buildCache: '0',
      kubeApiQps: 100_000,
      kubeApiBurst: 5,
      eventsAddr: 'http://notification-controller.flux-system/',
      webhookCaLimit: 9,
      logLevel: 'warn',
      logEncoding: 'text',
      zapStacktraceLevel: 'info',
      zapTimeEncoding: 'epoch',
      zapDevel: true,
      kubeconfig: '/etc/other/kubeconfig',
    },
    gate: { enabled: false },
    metrics: { enabled: false },
    mcp: { enabled: true, allowMutations: true, auth: 'none' },
    webhook: { certMode: 'cert-manager', certValidity: '48h' },
    rollbackStore: { backend: 'pvc', pvc: { accessModes: ['ReadWriteMany'] } },
  },
  {
    controller: { zapLogLevel: 'debug', zapEncoder: 'console' },
    webhook: { enabled: false },
    rollbackStore: {
      backend: 's3',
      s3: {
        endpoint: 'minio:9000',
        bucket: 'snapshots',
        prefix: 'a/b',
        region: 'eu-1',
        useSSL: false,
        existingSecret: 'keys',
        sse: 'kms',
        sseKmsKeyId: 'arn:aws:kms:eu-1:1:key/2',
      },
    },
  },
  { rollbackStore: { backend: 's3', s3: { endpoint: 'minio:9000', bucket: 'snapshots', anonymous: true } } },
];

/** What each flag comes to in one of them: arguments, or variables of the environment. */
const reached: Readonly<Record<FlagKey, readonly string[]>> = {
  kubeconfig: ['--kubeconfig=/etc/other/kubeconfig'],
  watchNamespaces: ['--watch-namespaces=team-a,team-b'],
  leaderElect: ['--leader-elect=false'],
  shards: ['--shards=64'],
  kubeApiQps: ['--kube-api-qps=100000'],
  kubeApiBurst: ['--kube-api-burst=5'],
  concurrent: ['--concurrent=10000'],
  defaultIntervalMs: ['--default-interval=1h30m'],
  inventoryMode: ['--inventory-mode=applyset'],
  inventoryShardCap: ['--inventory-shard-cap=1000000'],
  driftWatch: ['--drift-watch=false'],
  overrideManagers: ['--override-manager=helm', '--override-manager=argo cd'],
  maxTeardownWaitMs: ['--max-teardown-wait=5m'],
  runbookBaseUrl: ['--runbook-base-url=https://runbooks.example/a?b={c}'],
  tenantAuth: ['--tenant-auth=token'],
  noCrossNamespaceRefs: ['--no-cross-namespace-refs=true'],
  allowedActionHosts: ['--allowed-action-hosts=*.example.com:443', '--allowed-action-hosts=10.0.0.1'],
  allowLoopbackArtifacts: ['--allow-loopback-artifacts=true'],
  insecureKubeconfigTls: ['--insecure-kubeconfig-tls=true'],
  rollbackStorePath: ['--rollback-store-path=/var/lib/stageset/rollback'],
  rollbackStoreS3Endpoint: ['--rollback-store-s3-endpoint=minio:9000'],
  rollbackStoreS3Bucket: ['--rollback-store-s3-bucket=snapshots'],
  rollbackStoreS3Prefix: ['--rollback-store-s3-prefix=a/b'],
  rollbackStoreS3Region: ['--rollback-store-s3-region=eu-1'],
  rollbackStoreS3UseSsl: ['--rollback-store-s3-use-ssl=false'],
  rollbackStoreS3AccessKey: ['STAGESET_ROLLBACK_STORE_S3_ACCESS_KEY from keys/AWS_ACCESS_KEY_ID'],
  rollbackStoreS3SecretKey: ['STAGESET_ROLLBACK_STORE_S3_SECRET_KEY from keys/AWS_SECRET_ACCESS_KEY'],
  rollbackStoreS3SessionToken: ['STAGESET_ROLLBACK_STORE_S3_SESSION_TOKEN from keys/AWS_SESSION_TOKEN'],
  rollbackStoreS3Anonymous: ['--rollback-store-s3-anonymous=true'],
  rollbackStoreS3Sse: ['--rollback-store-s3-sse=kms'],
  rollbackStoreS3SseKmsKey: ['--rollback-store-s3-sse-kms-key=arn:aws:kms:eu-1:1:key/2'],
  workers: ['--workers=3'],
  workersMax: ['--workers-max=9'],
  workerMemoryBytes: ['--worker-memory=1Gi'],
  memoryBudgetBytes: ['--memory-budget=1500000000'],
  buildCacheBytes: ['--build-cache=0'],
  enableWebhook: ['--enable-webhook=false'],
  webhookPort: ['--webhook-port=9443'],
  webhookCertMode: ['--webhook-cert-mode=cert-manager'],
  webhookCertDir: ['--webhook-cert-dir=/tmp/k8s-webhook-server/serving-certs'],
  webhookCertValidityMs: ['--webhook-cert-validity=48h'],
  webhookServiceName: ['--webhook-service-name=stageset-controller-webhook'],
  webhookServiceNamespace: ['--webhook-service-namespace=stageset-system'],
  webhookValidatingConfigName: ['--webhook-validating-config-name=stageset-controller'],
  webhookCaLimit: ['--webhook-ca-limit=14'], // twice replicas.max, which is more than what was set
  gateBindAddress: ['--gate-bind-address='],
  mcpBindAddress: ['--mcp-bind-address=:8084'],
  enableMcp: ['--enable-mcp=true'],
  mcpAllowMutations: ['--mcp-allow-mutations=true'],
  mcpAuth: ['--mcp-auth=none'],
  metricsBindAddress: ['--metrics-bind-address=0'],
  healthProbeBindAddress: ['--health-probe-bind-address=:8081'],
  eventsAddr: ['--events-addr=http://notification-controller.flux-system/'],
  logLevel: ['--log-level=warn'],
  logEncoding: ['--log-encoding=text'],
  zapLogLevel: ['--zap-log-level=debug'],
  zapEncoder: ['--zap-encoder=console'],
  zapStacktraceLevel: ['--zap-stacktrace-level=info'],
  zapTimeEncoding: ['--zap-time-encoding=epoch'],
  zapDevel: ['--zap-devel=true'],
};

describe('values', () => {
  for (const version of helmVersions) {
    test(`${version} has nothing to object to`, async () => {
      await helm(version, ['lint', '--strict', chart]);
    });
  }

  const refused: readonly (readonly [ChartValues, RegExp])[] = [
    [{ controller: { wrokers: 3 } }, /wrokers/],
    [{ rollbackstore: {} }, /rollbackstore/],
    [{ gate: { enabled: 'yes' } }, /gate\/enabled/],
    [{ controller: { defaultInterval: '10' } }, /defaultInterval/],
    [{ controller: { inventoryMode: 'none' } }, /inventoryMode/],
    [{ controller: { shards: 65 } }, /shards/],
    [{ replicas: { min: 3, max: 2 } }, /replicas.max is less than replicas.min/],
    [{ replicas: { max: 2 }, controller: { leaderElect: false } }, /wants controller.leaderElect/],
    [{ replicas: { max: 2 }, rollbackStore: { backend: 'pvc' } }, /wants ReadWriteMany/],
    [{ mcp: { allowMutations: true } }, /wants mcp.enabled/],
    [{ rollbackStore: { backend: 's3', s3: { bucket: 'b' } } }, /wants rollbackStore.s3.endpoint/],
    [
      { rollbackStore: { backend: 's3', s3: { endpoint: 'e', bucket: 'b', anonymous: true, existingSecret: 's' } } },
      /exclude each other/,
    ],
    [{ rollbackStore: { backend: 's3', s3: { endpoint: 'e', bucket: 'b', sseKmsKeyId: 'k' } } }, /sse: kms/],
    [{ controller: { logLevel: 'info', zapLogLevel: 'info' } }, /are the same/],
    [{ controller: { logEncoding: 'json', zapEncoder: 'json' } }, /are the same/],
    [{ controller: { kubeApiBurst: 3 } }, /wants controller.kubeApiQps/],
    [{ metrics: { enabled: false, serviceMonitor: { enabled: true } } }, /wants metrics.enabled/],
    [{ podLabels: { 'app.kubernetes.io/name': 'web' } }, /podLabels cannot replace app.kubernetes.io\/name/],
    [{ controller: { tenantAuth: null } }, /controller.tenantAuth is null/],
    [
      {
        fullnameOverride: 'My.Delivery',
        controller: { watchNamespaces: ['a', 'a'], eventsAddr: 'notification-controller' },
        extraEnv: [{ name: 'RETRIES', value: 3 }],
        extraVolumes: [{ name: 'tmp', emptyDir: {} }],
        metrics: { prometheusRule: { thresholds: { podDown: '1.5h' } } },
        networkPolicy: { gateFrom: [{}] },
        rollbackStore: { pvc: { size: '0Gi' } },
        webhook: { issuerRef: { kind: 'ClusterIssuer' } },
      },
      new RegExp(
        'fullnameOverride watchNamespaces eventsAddr extraEnv extraVolumes podDown gateFrom size issuerRef'
          .split(' ')
          .map((value) => `(?=.*/${value})`)
          .join(''),
        's',
      ),
    ],
  ];

  test('what is not known, or cannot be together, is refused', async () => {
    await Promise.all(refused.map(([values, why]) => assert.rejects(render(values), why, JSON.stringify(values))));
  });

  test('each example of docs/install.md is taken', async () => {
    const page = await readFile(join(root, 'docs', 'install.md'), 'utf8');
    const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, yaml = '']) => load(yaml) as ChartValues);
    assert.ok(examples.length >= 8);
    await Promise.all(examples.map((values) => render(values)));
  });

  test('names that YAML takes for something else stay names', async () => {
    const values = { fullnameOverride: '123', nameOverride: '0', controller: { watchNamespaces: ['null', '1e3'] } };
    const objects = await render(values, { release: '456', namespace: 'no' });
    for (const { kind, metadata } of objects) {
      const { name, namespace = '', labels = {} } = metadata;
      for (const text of [name, namespace, ...Object.values(labels)])
        assert.equal(typeof text, 'string', `${kind} ${text}`);
    }
    assert.equal(deploymentIn(objects).spec.template.spec.serviceAccountName, '123');
  });

  test('what other charts share is let pass', async () => {
    await render({ global: { shared: true } });
  });

  test('both Helms make the same of them', async () => {
    for (const values of situations) {
      const [theOne, theOther] = await Promise.all(helmVersions.map((version) => render(values, { version })));
      assert.deepEqual(byKind(theOne), byKind(theOther));
    }
  });

  test('the chart has the version of the controller', async () => {
    const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8'));
    const { version: own, appVersion } = load(await readFile(join(chart, 'Chart.yaml'), 'utf8')) as ChartValues;
    assert.deepEqual([own, appVersion], [version, version]);
  });

  test('by default the controller is as its flags say, but for what a chart knows better', async () => {
    const settings = settingsOf(argsIn(await render()));
    const plain = settingsOf([]);
    const different = (Object.keys(flags) as FlagKey[]).filter(
      (flag) => JSON.stringify(settings[flag]) !== JSON.stringify(plain[flag]),
    );
    assert.deepEqual(different.toSorted(), [
      'leaderElect',
      'webhookCertMode',
      'webhookServiceNamespace',
      'webhookValidatingConfigName',
    ]);
  });

  test('each flag can be set, and what is set is what the controller reads', async () => {
    const came = new Set<string>();
    for (const values of situations) {
      const objects = await render(values);
      settingsOf(argsIn(objects));
      for (const argument of argsIn(objects)) came.add(argument);
      for (const { name, valueFrom } of deploymentIn(objects).spec.template.spec.containers[0]?.env ?? []) {
        const { name: secret, key } = valueFrom?.secretKeyRef ?? {};
        came.add(`${name} from ${secret}/${key}`);
      }
    }
    const missing = Object.values(reached)
      .flat()
      .filter((argument) => !came.has(argument));
    assert.deepEqual(missing, []);
    for (const flag of Object.keys(flags) as FlagKey[]) {
      const { name, environment } = flags[flag] as { readonly name: string; readonly environment?: string };
      const isItsOwn = (text: string) => text.startsWith(`--${name}=`) || text.startsWith(`${environment} `);
      assert.ok(reached[flag].every(isItsOwn), flag);
    }
  });
});
