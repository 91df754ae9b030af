import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { flags } from '../../src/main/flags/table.ts';
import { eventually } from '../../tools/control-plane/eventually.ts';
import { scopedRules, tokenRequests } from '../harness/chart-rules.ts';
import { startWithin } from '../harness/default-install.ts';
import { configMap, oneStage, startScene, succeeded } from '../harness/scene.ts';

const program = join(import.meta.dirname, '..', '..', 'bin', 'stageset-controller');

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
  return new Promise((resolve) => {
    const child = execFile(program, [...args], { env: { ...process.env, ...env } }, (_error, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err });
    });
  });
}

interface Example {
  readonly good: string;
  readonly bad: string;
  /** What the refusal says is allowed. */
  readonly allowed: RegExp;
}

const bool: Example = { good: 'false', bad: 'perhaps', allowed: /true or false/ };
const count: Example = { good: '7', bad: '-1', allowed: /a whole number from \d+ to \d+/ };
const text: Example = { good: 'some', bad: 'two\nlines', allowed: /without line breaks/ };
const duration: Example = { good: '1h30m', bad: '90', allowed: /such as 90s or 1h30m/ };
const bytes: Example = { good: '512Mi', bad: '512MB', allowed: /such as 512Mi/ };
const address: Example = { good: '127.0.0.1:8099', bad: '8099', allowed: /such as :8080/ };
const name: Example = { good: 'some-name', bad: 'Some_Name', allowed: /small letters, digits/ };
const url: Example = { good: 'http://flux.svc/', bad: 'flux.svc', allowed: /http or https URL/ };
const choice = (good: string): Example => ({ good, bad: 'none-such', allowed: new RegExp(`one of .*${good}`) });

const examples: { readonly [K in keyof typeof flags]: Example } = {
  kubeconfig: text,
  watchNamespaces: { good: 'a,b', bad: 'a,B', allowed: /names of namespaces/ },
  leaderElect: bool,
  shards: count,
  kubeApiQps: count,
  kubeApiBurst: count,
  concurrent: count,
  defaultIntervalMs: duration,
  inventoryMode: choice('applyset'),
  inventoryShardCap: count,
  driftWatch: bool,
  overrideManagers: text,
  maxTeardownWaitMs: duration,
  runbookBaseUrl: url,
  tenantAuth: choice('token'),
  noCrossNamespaceRefs: bool,
  allowedActionHosts: {
    good: '*.example.com:443',
    bad: 'https://example.com/',
    allowed: /such as \*\.example\.com:443/,
  },
  allowLoopbackArtifacts: bool,
  insecureKubeconfigTls: bool,
  rollbackStorePath: text,
  rollbackStoreS3Endpoint: {
    good: 'minio:9000',
    bad: 'http://minio:9000',
    allowed: /host or host:port without a scheme/,
  },
  rollbackStoreS3Bucket: text,
  rollbackStoreS3Prefix: text,
  rollbackStoreS3Region: text,
  rollbackStoreS3UseSsl: bool,
  rollbackStoreS3AccessKey: text,
  rollbackStoreS3SecretKey: text,
  rollbackStoreS3SessionToken: text,
  rollbackStoreS3Anonymous: bool,
  rollbackStoreS3Sse: choice('kms'),
  rollbackStoreS3SseKmsKey: text,
  workers: { ...count, good: 'auto' },
  workersMax: count,
  workerMemoryBytes: bytes,
  memoryBudgetBytes: bytes,
  buildCacheBytes: bytes,
  enableWebhook: bool,
  webhookPort: count,
  webhookCertMode: choice('self-signed'),
  webhookCertDir: text,
  webhookCertValidityMs: duration,
  webhookServiceName: name,
  webhookServiceNamespace: name,
  webhookValidatingConfigName: name,
  webhookCaLimit: count,
  gateBindAddress: address,
  mcpBindAddress: address,
  enableMcp: bool,
  mcpAllowMutations: bool,
  mcpAuth: choice('none'),
  metricsBindAddress: address,
  healthProbeBindAddress: address,
  eventsAddr: url,
  logLevel: choice('warn'),
  logEncoding: choice('text'),
  zapLogLevel: choice('panic'),
  zapEncoder: choice('console'),
  zapStacktraceLevel: choice('error'),
  zapTimeEncoding: choice('iso8601'),
  zapDevel: bool,
};

describe('each flag', { concurrency: 4 }, () => {
  for (const [key, { good, bad, allowed }] of Object.entries(examples)) {
    const flag = `--${flags[key as keyof typeof flags].name}`;
    test(`${flag} takes ${good} and refuses ${JSON.stringify(bad)}`, async () => {
      assert.deepEqual((await run([`${flag}=${good}`, '--version'])).code, 0);
      const refused = await run([`${flag}=${bad}`]);
      assert.deepEqual({ ...refused, err: '' }, { code: 2, out: '', err: '' });
      assert.match(refused.err, new RegExp(`^stageset-controller: ${flag} wants .+\n$`));
      assert.match(refused.err, allowed);
      const [value = ''] = bad.split('\n');
      if ('secret' in flags[key as keyof typeof flags]) assert.ok(!refused.err.includes(value));
    });
  }
});

test('two flags that do not go together are refused in one line, and so is what the environment says', async () => {
  assert.deepEqual(await run(['--rollback-store-path=/data', '--rollback-store-s3-endpoint=minio:9000']), {
    code: 2,
    out: '',
    err: 'stageset-controller: --rollback-store-path and --rollback-store-s3-endpoint exclude each other: there is one rollback store\n',
  });
  const refused = await run([], { STAGESET_WATCH_NAMESPACES: 'a,,b' });
  assert.equal(refused.code, 2);
  assert.match(refused.err, /^stageset-controller: STAGESET_WATCH_NAMESPACES wants .*\n$/);
});

test('a kubeconfig that is not there ends it with 3 and one line that names it', async () => {
  const { code, out, err } = await run(['--kubeconfig=/no/such/file']);
  assert.equal(code, 3);
  assert.equal(err, '');
  assert.match(out, /^\{.*"level":"error","msg":"cannot go on","error":"kubeconfig \/no\/such\/file: .*\n$/);
});

test('--help and --version need no cluster', async () => {
  const help = await run(['--help']);
  assert.deepEqual([help.code, help.err], [0, '']);
  for (const { name: flag } of Object.values(flags)) assert.ok(help.out.includes(`--${flag}`), flag);
  assert.match((await run(['--version'])).out, /^stageset-controller \d+\.\d+\.\d+ \(commit \w+\)\n$/);
});

test('with every knob turned it still rolls out, and keeps to its rate', async (t) => {
  const scene = await startScene(t);
  const controller = await startWithin(
    scene,
    [scene.namespace],
    [...scopedRules, tokenRequests],
    [
      '--kube-api-qps=20',
      '--kube-api-burst=1',
      '--concurrent=2',
      '--default-interval=1h',
      '--inventory-mode=entries',
      '--inventory-shard-cap=10',
      '--override-manager=somebody',
      '--tenant-auth=token',
      '--no-cross-namespace-refs',
      '--workers=1',
      '--worker-memory=256Mi',
      '--memory-budget=256Mi',
      '--build-cache=16Mi',
      '--runbook-base-url=https://runbooks.example/',
      '--log-level=info',
      '--zap-stacktrace-level=error',
      '--zap-time-encoding=millis',
    ],
  );
  try {
    await scene.publish(
      'app',
      Array.from({ length: 30 }, (_, i) => configMap(`c${i}`)),
    );
    await scene.roll('app', oneStage('app'));
    const beganMs = performance.now();
    await scene.settled('app', succeeded);
    assert.ok(performance.now() - beganMs > 1_000, 'thirty objects, each validated and applied, at twenty a second');
    await eventually(() => assert.match(controller.log, /^\{"ts":\d{13},"level":"info","msg":"run ended"/m));
  } finally {
    await controller.kill();
  }
});
