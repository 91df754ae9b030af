import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { Registry } from 'prom-client';
import { parseFlags } from '../../src/main/flags/parse.ts';
import { flags } from '../../src/main/flags/table.ts';
import { connect } from '../../src/main/kube/client.ts';
import { loadClusterConfig } from '../../src/main/kube/config.ts';
import { createLog } from '../../src/main/log/log.ts';
import { WebhookMetrics } from '../../src/main/metrics/webhook.ts';
import { Readiness } from '../../src/main/servers/readiness.ts';
import { openWebhook } from '../../src/main/webhook/webhook.ts';
import type { KubeObject } from '../../src/shared/objects/object.ts';
import { type Clock, systemClock } from '../../src/shared/time/clock.ts';
import type { TestCluster } from './cluster.ts';

type Installed = Pick<TestCluster, 'api' | 'namespace'>;

/** The webhook of one replica, without the rest of its controller, so that twenty of them are cheap. */
export interface WebhookReplica {
  readonly port: number;
  readonly folder: string;
  /** Its own, in PEM; throws while there is none. */
  authority(): Promise<string>;
  /** How many reviews it has answered. */
  answered(): Promise<number>;
  /** Why it is not ready; undefined where it is. */
  missing(): string | undefined;
  said(): string;
  stop(): Promise<void>;
}

export interface ReplicaWishes {
  readonly flags?: readonly string[];
  readonly clock?: Clock;
  readonly podUid?: string;
}

export async function startWebhookReplica(
  t: TestContext,
  { kubeconfigPath, namespace }: TestCluster,
  { flags: args = [], clock = systemClock, podUid = crypto.randomUUID() }: ReplicaWishes = {},
): Promise<WebhookReplica> {
  const folder = await mkdtemp(join(tmpdir(), 'webhook-'));
  const parsed = parseFlags(flags, [
    '--webhook-port=0',
    `--webhook-cert-dir=${folder}`,
    ...webhookFlags(namespace),
    ...args,
  ]);
  if (parsed.is !== 'run') throw new Error(`wrong flags: ${JSON.stringify(parsed)}`);
  const client = connect(await loadClusterConfig({ kubeconfigPath }));
  const stopping = new AbortController();
  const registry = new Registry();
  const readiness = new Readiness();
  /** It does not linger once it is to stop. */
  const ending: Clock = {
    ...clock,
    sleep: async (ms, signal) => (stopping.signal.aborted ? undefined : clock.sleep(ms, signal)),
  };
  let said = '';
  const log = createLog({
    level: 'info',
    encoding: 'text',
    clock,
    write: (line) => {
      said += line;
    },
  });
  const metrics = new WebhookMetrics(registry);
  const { settings } = parsed;
  const webhook = await openWebhook(
    { settings, client, namespace, podUid, readiness, metrics, clock: ending, log },
    stopping.signal,
  );
  const stop = async () => {
    if (stopping.signal.aborted) return;
    stopping.abort();
    await webhook.close();
    await client.close();
    await rm(folder, { recursive: true, force: true });
  };
  t.after(stop);
  return {
    port: webhook.port,
    folder,
    authority: () => readFile(join(folder, 'ca.crt'), 'utf8'),
    answered: async () => {
      const metric = registry.getSingleMetric('controller_runtime_webhook_requests_total');
      const { values } = (await metric?.get()) ?? { values: [] };
      return values.find(({ labels }) => labels.code === 200 || labels.code === '200')?.value ?? 0;
    },
    missing: () => readiness.missing[0],
    said: () => said,
    stop,
  };
}

/** Signing for itself, for the Service and the configuration of this namespace. */
export function webhookFlags(namespace: string): readonly string[] {
  return [
    '--webhook-cert-mode=self-signed',
    '--webhook-service-name=webhook',
    `--webhook-service-namespace=${namespace}`,
    `--webhook-validating-config-name=${namespace}`,
  ];
}

const kind = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };

/** As a chart would install it, for this namespace only; it ends with the test. */
export async function configureWebhook(t: TestContext, { api, namespace }: Installed, port: number): Promise<void> {
  await api.create({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'webhook', namespace },
    // No pod is behind it: the API server asks this machine, and still expects the Service's own name.
    spec: { type: 'ExternalName', externalName: 'localhost', ports: [{ port: 443 }] },
  } as KubeObject);
  await api.create({
    ...kind,
    metadata: { name: namespace },
    webhooks: [
      {
        name: 'stagesets.stages.metio.wtf',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        failurePolicy: 'Fail',
        clientConfig: {
          service: { name: 'webhook', namespace, port, path: '/validate-stages-metio-wtf-v1-stageset' },
        },
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
        rules: [
          {
            apiGroups: ['stages.metio.wtf'],
            apiVersions: ['v1'],
            // Deletions too, which a chart spares the webhook: to see that it would let them pass.
            operations: ['CREATE', 'UPDATE', 'DELETE'],
            resources: ['stagesets', 'stagesets/status'],
          },
        ],
      },
    ],
  } as KubeObject);
  t.after(() => api.delete({ ...kind, name: namespace }));
}

/** From now on the API server asks the replica at this port. */
export async function leadTo({ api, namespace }: Installed, port: number): Promise<void> {
  const patch = [{ op: 'replace', path: '/webhooks/0/clientConfig/service/port', value: port }];
  await api.patch({ ...kind, name: namespace }, patch, { type: 'json' });
}

/** What the API server believes, in PEM. */
export async function caBundle({ api, namespace }: Installed): Promise<string> {
  const { webhooks } = await api.get<{
    readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string } }[];
  }>({ ...kind, name: namespace });
  return Buffer.from(webhooks[0]?.clientConfig.caBundle ?? '', 'base64').toString();
}

export async function setCaBundle({ api, namespace }: Installed, pem: string): Promise<void> {
  const value = Buffer.from(pem).toString('base64');
  const patch = [{ op: 'add', path: '/webhooks/0/clientConfig/caBundle', value }];
  await api.patch({ ...kind, name: namespace }, patch, { type: 'json' });
}
