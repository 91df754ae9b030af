import { Counter, type Registry } from 'prom-client';
import type { ObservedRequest } from '../kube/client.ts';

const NO_ANSWER = '<error>';

/**
 * Requests as client-go counts them. Hosts come from kubeconfigs of tenants too, who may bring any number of them: what
 * is counted for a host goes with the last connection to it.
 */
export class RestClientMetrics {
  readonly #hosts = new Map<string, Map<string, Tally>>();
  readonly #own = new Set<string>();
  #isConnected: (host: string) => boolean = () => true;

  constructor(registry: Registry) {
    const collect = (counter: Counter) => this.#collect(counter);
    new Counter({
      name: 'rest_client_requests_total',
      help: 'Requests to API servers, by what they answered; <error> is no answer.',
      labelNames: ['code', 'method', 'host'],
      registers: [registry],
      collect() {
        collect(this);
      },
    });
  }

  /** What is counted for a host of a kubeconfig lasts as long as this; that of the own cluster stays. */
  forgetUnless(isConnected: (host: string) => boolean): void {
    this.#isConnected = isConnected;
  }

  sent({ host, method, code: status }: ObservedRequest, cluster: 'own' | 'other'): void {
    if (cluster === 'own') this.#own.add(host);
    const code = status === 0 ? NO_ANSWER : `${status}`;
    const tallies = this.#hosts.get(host) ?? new Map<string, Tally>();
    this.#hosts.set(host, tallies);
    const tally = tallies.get(`${method} ${code}`) ?? { labels: { code, method, host }, count: 0 };
    tallies.set(`${method} ${code}`, tally);
    tally.count += 1;
  }

  #collect(counter: Counter): void {
    counter.reset();
    for (const [host, tallies] of this.#hosts) {
      if (!this.#own.has(host) && !this.#isConnected(host)) this.#hosts.delete(host);
      else for (const { labels, count } of tallies.values()) counter.inc(labels, count);
    }
  }
}

interface Tally {
  readonly labels: { readonly code: string; readonly method: string; readonly host: string };
  count: number;
}
