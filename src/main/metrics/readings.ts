import { Counter, Gauge, type Registry } from 'prom-client';
import type { Builds } from '../build/builds.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { ByteBudget } from '../pool/byte-budget.ts';
import type { Pool } from '../pool/pool.ts';
import type { Turns } from '../queue/turns.ts';
import type { WorkQueue } from '../queue/work-queue.ts';
import type { RemoteClusters } from '../remote/remote-clusters.ts';

/** What others know anyway, and are asked for when somebody scrapes. */
export class Readings {
  readonly #registry: Registry;

  constructor(registry: Registry) {
    this.#registry = registry;
    this.#gauge(
      'stageset_peak_memory_bytes',
      'Most memory that the process ever held: what a container has to allow for, between two scrapes too.',
      () => process.resourceUsage().maxRSS * 1_024,
    );
  }

  watchQueue(queue: WorkQueue, turns: Turns): void {
    this.#gauges('stageset_queue_depth', 'StageSets that are due and not started.', 'lane', () =>
      Object.entries(queue.stats().depthByLane),
    );
    this.#gauge('stageset_slots_busy', 'Slots (--concurrent) held by runs that work.', () => turns.stats().busy);
    this.#gauges('stageset_runs_waiting', 'Runs that gave their slot back, by what they wait for.', 'waiting_for', () =>
      turns.stats().parked.entries(),
    );
  }

  watchClient(client: ClusterClient): void {
    this.#gauge(
      'stageset_api_requests_in_flight',
      'Requests that the API server works on.',
      () => client.stats().inFlight,
    );
    this.#gauge('stageset_api_requests_waiting', 'Requests that wait for their turn.', () => client.stats().waiting);
    this.#gauge('stageset_api_requests_limit', 'Requests in flight at most, now.', () => client.stats().limit);
  }

  watchRemotes(remotes: RemoteClusters): void {
    this.#gauges('stageset_remote_clusters', 'Connections to clusters of kubeconfigs.', 'answering', () =>
      Object.entries(remotes.stats()),
    );
  }

  watchPool(pool: Pool, builds: Builds): void {
    this.#gauge('stageset_workers', 'Worker threads.', () => pool.stats().threads);
    this.#gauge('stageset_tasks_running', 'Tasks that worker threads run.', () => pool.stats().running);
    this.#gauge('stageset_tasks_queued', 'Tasks that wait for a worker thread.', () => pool.stats().queued);
    this.#gauge('stageset_worker_limit', 'Tasks in flight at most, now.', () => pool.stats().limit);
    this.#gauge('stageset_worker_limit_min', 'How far the limit may shrink.', () => pool.stats().limitMin);
    this.#gauge('stageset_worker_limit_max', 'How far the limit may grow.', () => pool.stats().limitMax);
    this.#counter('stageset_workers_started_total', 'Worker threads begun.', () => pool.stats().started);
    this.#counter('stageset_build_cache_hits_total', 'Builds answered from memory.', () => builds.stats.hits);
    this.#counter('stageset_build_cache_misses_total', 'Builds done.', () => builds.stats.misses);
    this.#counter(
      'stageset_build_cache_evictions_total',
      'Finished builds dropped from memory for want of room.',
      () => builds.stats.evictions,
    );
    this.#gauge('stageset_build_cache_bytes', 'Bytes of finished builds in memory.', () => builds.stats.bytes);
  }

  watchBudget(budget: ByteBudget): void {
    this.#gauge('stageset_memory_budget_bytes', 'Bytes in flight at most (--memory-budget).', () => budget.total);
    this.#gauge(
      'stageset_memory_reserved_bytes',
      'Bytes reserved for downloads, unpacked artifacts and plans; over the budget when one alone is larger.',
      () => budget.reserved,
    );
    this.#gauge('stageset_memory_waiting', 'Builds that wait for their share of the bytes.', () => budget.waiting);
  }

  /** One number that is read when somebody asks. */
  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.set(read());
      },
    });
  }

  /** One that only grows, and is counted elsewhere. */
  #counter(name: string, help: string, read: () => number): void {
    new Counter({
      name,
      help,
      registers: [this.#registry],
      collect() {
        this.reset();
        this.inc(read());
      },
    });
  }

  /** The same of several, told apart by one label. What was there once is 0 from then on, not gone. */
  #gauges(name: string, help: string, label: string, read: () => Iterable<readonly [string, number]>): void {
    const seen = new Set<string>();
    new Gauge({
      name,
      help,
      labelNames: [label],
      registers: [this.#registry],
      collect() {
        const now = new Map(read());
        for (const value of now.keys()) seen.add(value);
        for (const value of seen) this.set({ [label]: value }, now.get(value) ?? 0);
      },
    });
  }
}
