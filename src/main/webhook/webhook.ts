import { once } from 'node:events';
import type { Clock } from '../../shared/time/clock.ts';
import type { Settings } from '../flags/table.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { Log } from '../log/log.ts';
import type { WebhookMetrics } from '../metrics/webhook.ts';
import { answering, pathOf } from '../servers/answer.ts';
import type { Certificate, OpenServer } from '../servers/open-server.ts';
import type { Readiness } from '../servers/readiness.ts';
import { Servers } from '../servers/servers.ts';
import { admission } from './admission.ts';
import type { Certificates } from './certificate/certificates.ts';
import { Mounted } from './certificate/mounted.ts';
import { OwnConfiguration } from './certificate/own-configuration.ts';
import { SelfSigned } from './certificate/self-signed.ts';
import { OwnRights } from './own-rights.ts';
import { ADMISSION_PATH } from './path.ts';

export interface WebhookOptions {
  readonly settings: Settings;
  readonly client: ClusterClient;
  /** The namespace that this process runs in. */
  readonly namespace: string;
  /** Whatever tells this pod from the others. */
  readonly podUid: string;
  readonly readiness: Readiness;
  readonly metrics: WebhookMetrics;
  readonly clock: Clock;
  readonly log: Log;
}

/** Until the API server's way leads to no replica that is going: it looks at endpoints, and those change a moment later. */
const LINGER_MS = 3_000;

/**
 * Opens the port, and answers on it as soon as there is a certificate; looks after that until the signal. From then on
 * it answers a while longer before it can be closed.
 */
export async function openWebhook(options: WebhookOptions, stop: AbortSignal): Promise<OpenServer> {
  const { settings, readiness, metrics, clock, log } = options;
  const rights = new OwnRights({ ...options, scope: settings.watchNamespaces });
  const judging = async (namespace: string) => ({
    noCrossNamespaceRefs: settings.noCrossNamespaceRefs,
    multiTenant: (await rights.mayApplyIn(namespace)) === false,
    nowMs: clock.wallMs(),
  });
  const failed = (error: unknown) => log.error('admission review failed', { error });
  const answer = answering({ methods: ['POST'], failed }, admission({ judging }));
  const server = await new Servers({ log, clock }).open(
    { what: 'webhook', flag: '--webhook-port', address: `:${settings.webhookPort}`, certificate: {} },
    (request, response) => {
      if (pathOf(request) === ADMISSION_PATH) metrics.began(response);
      answer(request, response);
    },
  );
  const certificates = certificatesFor(options, (certificate) => server.renew(certificate));
  readiness.require(() => certificates.missing && `webhook: ${certificates.missing}`);
  void certificates.keep(stop);
  const lingered = once(stop, 'abort').then(() => clock.sleep(LINGER_MS));
  return { ...server, close: () => lingered.then(() => server.close()) };
}

function certificatesFor(options: WebhookOptions, serve: (certificate: Certificate) => void): Certificates {
  const { settings, namespace, podUid, metrics, clock, log, client } = options;
  const folder = settings.webhookCertDir;
  if (settings.webhookCertMode === 'cert-manager') return new Mounted({ folder, clock, log, serve });
  const service = `${settings.webhookServiceName}.${settings.webhookServiceNamespace || namespace}`;
  return new SelfSigned({
    configuration: new OwnConfiguration({
      client,
      name: settings.webhookValidatingConfigName,
      limit: settings.webhookCaLimit,
      clock,
      random: Math.random,
    }),
    folder,
    dnsNames: [settings.webhookServiceName, service, `${service}.svc`, `${service}.svc.cluster.local`],
    podUid,
    validityMs: settings.webhookCertValidityMs,
    clock,
    log,
    serve,
    renewalFailed: () => metrics.renewalFailed(),
  });
}
