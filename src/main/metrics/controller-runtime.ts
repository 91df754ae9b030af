import { Counter, Gauge, Histogram, type Registry } from 'prom-client';
import type { Turns } from '../queue/turns.ts';
import type { WorkQueue } from '../queue/work-queue.ts';

/** How a run ended, in controller-runtime's words: `requeue` was superseded, `requeue_after` has a next time. */
export type ReconcileResult = 'success' | 'error' | 'requeue' | 'requeue_after';

const controller = 'stageset';
const ofQueue = { name: controller, controller } as const;
const queueLabels = ['name', 'controller'] as const;

/**
 * What controllers made with controller-runtime tell, under the same names and in the same buckets, so that dashboards
 * and alerts for them work. Time that a run spends waiting is no work here.
 */
export class ControllerRuntimeMetrics {
  readonly #registry: Registry;
  readonly #results: Counter<'controller' | 'result'>;
  readonly #errors: Counter<'controller'>;
  readonly #terminalErrors: Counter<'controller'>;
  readonly #panics: Counter<'controller'>;
  readonly #timeouts: Counter<'controller'>;
  readonly #time: Histogram<'controller'>;
  readonly #queued: Histogram<(typeof queueLabels)[number]>;
  readonly #worked: Histogram<(typeof queueLabels)[number]>;

  constructor(registry: Registry) {
    this.#registry = registry;
    const registers = [registry];
    const labelNames = ['controller'] as const;
    this.#results = new Counter({
      name: 'controller_runtime_reconcile_total',
      help: 'Runs by how they ended.',
      labelNames: ['controller', 'result'],
      registers,
    });
    this.#errors = new Counter({
      name: 'controller_runtime_reconcile_errors_total',
      help: 'Runs that failed.',
      labelNames,
      registers,
    });
    this.#terminalErrors = new Counter({
      name: 'controller_runtime_terminal_reconcile_errors_total',
      help: 'Runs that failed in a way that only another spec mends.',
      labelNames,
      registers,
    });
    this.#panics = new Counter({
      name: 'controller_runtime_reconcile_panics_total',
      help: 'Runs that ended in what no run foresees: each is a bug.',
      labelNames,
      registers,
    });
    this.#timeouts = new Counter({
      name: 'controller_runtime_reconcile_timeouts_total',
      help: 'Runs that failed because a stage, an action or a request was not done in its time.',
      labelNames,
      registers,
    });
    this.#time = new Histogram({
      name: 'controller_runtime_reconcile_time_seconds',
      help: 'How long runs worked; what they waited for is left out.',
      labelNames,
      buckets: RECONCILE_SECONDS,
      registers,
    });
    this.#queued = new Histogram({
      name: 'workqueue_queue_duration_seconds',
      help: 'How long StageSets were due before their run began.',
      labelNames: queueLabels,
      buckets: QUEUE_SECONDS,
      registers,
    });
    this.#worked = new Histogram({
      name: 'workqueue_work_duration_seconds',
      help: 'How long runs worked; what they waited for is left out.',
      labelNames: queueLabels,
      buckets: QUEUE_SECONDS,
      registers,
    });
    for (const result of ['success', 'error', 'requeue', 'requeue_after']) this.#results.inc({ controller, result }, 0);
    for (const counter of [this.#errors, this.#terminalErrors, this.#panics, this.#timeouts]) {
      counter.inc({ controller }, 0);
    }
  }

  began(waitedMs: number): void {
    this.#queued.observe(ofQueue, waitedMs / 1_000);
  }

  ended(result: ReconcileResult, workedMs: number): void {
    this.#results.inc({ controller, result });
    if (result === 'error') this.#errors.inc({ controller });
    this.#time.observe({ controller }, workedMs / 1_000);
    this.#worked.observe(ofQueue, workedMs / 1_000);
  }

  panicked(): void {
    this.#panics.inc({ controller });
  }

  timedOut(): void {
    this.#timeouts.inc({ controller });
  }

  failedForGood(): void {
    this.#terminalErrors.inc({ controller });
  }

  watch(queue: WorkQueue, turns: Turns, concurrent: number): void {
    const registers = [this.#registry];
    const readings = [
      ['workqueue_depth', 'StageSets that are due and not started.', () => queue.stats().depth],
      [
        'workqueue_unfinished_work_seconds',
        'Work done in runs not ended yet.',
        () => queue.stats().unfinishedMs / 1_000,
      ],
      [
        'workqueue_longest_running_processor_seconds',
        'Work done in the longest of the runs not ended yet.',
        () => queue.stats().longestMs / 1_000,
      ],
    ] as const;
    for (const [name, help, read] of readings) {
      new Gauge({
        name,
        help,
        labelNames: queueLabels,
        registers,
        collect() {
          this.set(ofQueue, read());
        },
      });
    }
    const counts = [
      ['workqueue_adds_total', 'StageSets added to the queue.', () => queue.stats().adds],
      ['workqueue_retries_total', 'StageSets added to the queue because a run failed.', () => queue.stats().retries],
    ] as const;
    for (const [name, help, read] of counts) {
      new Counter({
        name,
        help,
        labelNames: queueLabels,
        registers,
        collect() {
          this.reset();
          this.inc(ofQueue, read());
        },
      });
    }
    const workers = [
      ['controller_runtime_active_workers', 'Slots held by runs that work.', () => turns.stats().busy],
      ['controller_runtime_max_concurrent_reconciles', 'Slots (--concurrent).', () => concurrent],
    ] as const;
    for (const [name, help, read] of workers) {
      new Gauge({
        name,
        help,
        labelNames: ['controller'],
        registers,
        collect() {
          this.set({ controller }, read());
        },
      });
    }
  }
}

const RECONCILE_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
];
const QUEUE_SECONDS = [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1_000];
