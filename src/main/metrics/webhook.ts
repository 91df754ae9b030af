import type { ServerResponse } from 'node:http';
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import { ADMISSION_PATH } from '../webhook/path.ts';

const webhook = ADMISSION_PATH;

/** What the admission webhook tells: its requests as controller-runtime would, and how its certificate fares. */
export class WebhookMetrics {
  readonly #requests: Counter<'webhook' | 'code'>;
  readonly #inFlight: Gauge<'webhook'>;
  readonly #latency: Histogram<'webhook'>;
  readonly #renewalFailures: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    this.#requests = new Counter({
      name: 'controller_runtime_webhook_requests_total',
      help: 'Admission requests by status code of the answer.',
      labelNames: ['webhook', 'code'],
      registers,
    });
    this.#inFlight = new Gauge({
      name: 'controller_runtime_webhook_requests_in_flight',
      help: 'Admission requests that are not answered yet.',
      labelNames: ['webhook'],
      registers,
    });
    this.#latency = new Histogram({
      name: 'controller_runtime_webhook_latency_seconds',
      help: 'How long admission requests took.',
      labelNames: ['webhook'],
      buckets: [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1_000],
      registers,
    });
    this.#renewalFailures = new Counter({
      name: 'stageset_webhook_cert_renewal_failures_total',
      help: 'Failed self-signed webhook cert renewals.',
      registers,
    });
    for (const code of ['200', '500']) this.#requests.inc({ webhook, code }, 0);
    this.#inFlight.set({ webhook }, 0);
    this.#latency.zero({ webhook });
  }

  /** Until the response has gone out or its client has gone. */
  began(response: ServerResponse): void {
    const startedMs = performance.now();
    this.#inFlight.inc({ webhook });
    response.once('close', () => {
      this.#inFlight.dec({ webhook });
      if (!response.writableFinished) return;
      this.#requests.inc({ webhook, code: response.statusCode });
      this.#latency.observe({ webhook }, (performance.now() - startedMs) / 1_000);
    });
  }

  renewalFailed(): void {
    this.#renewalFailures.inc();
  }
}
