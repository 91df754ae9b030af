import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Reason, reasons } from '../../shared/api/reasons.ts';
import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import type { Builds } from '../build/builds.ts';
import type { FluxEventEnd } from '../events/flux-outbox.ts';
import type { ObservedRequest } from '../kube/client.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { ByteBudget } from '../pool/byte-budget.ts';
import type { Decision } from '../pool/keep-tuned.ts';
import type { Pool, TaskObservation } from '../pool/pool.ts';
import type { Turns } from '../queue/turns.ts';
import type { Work, WorkQueue } from '../queue/work-queue.ts';
import type { RemoteClusters } from '../remote/remote-clusters.ts';
import { ControllerRuntimeMetrics } from './controller-runtime.ts';
import { observeLoopDelay } from './loop-delay.ts';
import { RestClientMetrics } from './rest-client.ts';
import { WebhookMetrics } from './webhook.ts';

/** A rollout may wait for minutes or hours. */
const LONG_SECONDS = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600];

export type ObjectEffect = 'created' | 'configured' | 'unchanged' | 'skipped';

/** What the process tells Prometheus. Label values that stem from a removed StageSet go with it. */
export class Metrics {
  readonly registry = new Registry();
  readonly controllerRuntime = new ControllerRuntimeMetrics(this.registry);
  readonly #restClient = new RestClientMetrics(this.registry);
  readonly webhook = new WebhookMetrics(this.registry);
  readonly #reconciles = new Counter({
    name: 'stageset_reconcile_total',
    help: 'Reconciles by terminal Ready reason.',
    labelNames: ['namespace', 'name', 'reason'],
    registers: [this.registry],
  });
  readonly #runTime = new Histogram({
    name: 'stageset_run_duration_seconds',
    help: 'How long runs took from beginning to end, what they waited for included, by reason.',
    labelNames: ['reason'],
    buckets: LONG_SECONDS,
    registers: [this.registry],
  });
  readonly #stageTime = new Histogram({
    name: 'stageset_stage_duration_seconds',
    help: 'How long stages took from their first apply until they were Ready.',
    buckets: LONG_SECONDS,
    registers: [this.registry],
  });
  readonly #queueWait = new Histogram({
    name: 'stageset_queue_wait_seconds',
    help: 'How long StageSets were due before their run began, by lane.',
    labelNames: ['lane'],
    buckets: [0.001, 0.01, 0.1, 1, 10, 60, 600],
    registers: [this.registry],
  });
  readonly #objects = new Counter({
    name: 'stageset_objects_total',
    help: 'Objects of stages by what their apply did; skipped: nothing had changed, so none was sent.',
    labelNames: ['effect'],
    registers: [this.registry],
  });
  readonly #artifactBytes = new Counter({
    name: 'stageset_artifact_bytes_total',
    help: 'Bytes of artifacts downloaded.',
    registers: [this.registry],
  });
  readonly #applied = new Counter({
    name: 'stageset_stage_applied_total',
    help: 'Stages applied and verified.',
    labelNames: ['namespace', 'name', 'stage'],
    registers: [this.registry],
  });
  readonly #drift = new Counter({
    name: 'stageset_drift_corrected_total',
    help: 'Objects brought back after somebody else changed or removed them.',
    labelNames: ['namespace', 'name', 'stage'],
    registers: [this.registry],
  });
  readonly #deferred = new Counter({
    name: 'stageset_update_deferred_total',
    help: 'Rollouts held by a closed update window.',
    labelNames: ['namespace', 'name'],
    registers: [this.registry],
  });
  readonly #ready = new Gauge({
    name: 'stageset_stage_ready',
    help: '1 when a stage is Ready, else 0.',
    labelNames: ['namespace', 'stageset', 'stage'],
    registers: [this.registry],
  });
  readonly #forced = new Counter({
    name: 'stageset_teardown_force_drop_total',
    help: 'Finalizers dropped although objects were left.',
    labelNames: ['namespace', 'name', 'reason'],
    registers: [this.registry],
  });
  readonly #fluxEvents = new Counter({
    name: 'stageset_flux_events_total',
    help: 'Events for --events-addr by what became of them; duplicate: had been taken before.',
    labelNames: ['outcome'],
    registers: [this.registry],
  });
  readonly #leads = new Gauge({
    name: 'leader_election_master_status',
    help: '1 when this replica leads by the Lease of this name, else 0.',
    labelNames: ['name'],
    registers: [this.registry],
  });
  readonly #requests = new Histogram({
    name: 'stageset_api_request_duration_seconds',
    help: 'Requests to API servers, by verb and status code; code 0 is no answer.',
    labelNames: ['cluster', 'verb', 'code'],
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30],
    registers: [this.registry],
  });
  readonly #taskWait = new Histogram({
    name: 'stageset_task_wait_seconds',
    help: 'How long tasks waited for a worker thread.',
    labelNames: ['task'],
    buckets: [0.001, 0.01, 0.1, 1, 10],
    registers: [this.registry],
  });
  readonly #taskRun = new Histogram({
    name: 'stageset_task_run_seconds',
    help: 'How long tasks ran on a worker thread.',
    labelNames: ['task', 'outcome'],
    buckets: [0.001, 0.01, 0.1, 1, 10],
    registers: [this.registry],
  });
  readonly #tuning = new Counter({
    name: 'stageset_worker_limit_decisions_total',
    help: 'What was decided about the limit of tasks in flight, every two seconds, and why.',
    labelNames: ['direction', 'because'],
    registers: [this.registry],
  });
  readonly #cpuShare = new Gauge({
    name: 'stageset_cpu_share',
    help: 'CPU used over the last two seconds, of what the process may use: 1 is all of it.',
    registers: [this.registry],
  });
  readonly #loopDelay = new Histogram({
    name: 'stageset_event_loop_delay_seconds',
    help: 'How late the event loop came to what was due.',
    buckets: [0.001, 0.002, 0.005, 0.01, 0.015, 0.02, 0.03, 0.05, 0.1, 0.25, 0.5, 1],
    registers: [this.registry],
  });

  constructor() {
    collectDefaultMetrics({ register: this.registry });
    observeLoopDelay((seconds) => this.#loopDelay.observe(seconds));
    this.#gauge(
      'stageset_peak_memory_bytes',
      'Most memory that the process ever held: what a container has to allow for, between two scrapes too.',
      () => process.resourceUsage().maxRSS * 1_024,
    );
  }

  runBegan({ lane, waitedMs }: Pick<Work, 'lane' | 'waitedMs'>): void {
    this.#queueWait.observe({ lane }, waitedMs / 1_000);
    this.controllerRuntime.began(waitedMs);
  }

  reconciled({ metadata: { namespace = '', name } }: StageSet, reason: Reason, ms: number): void {
    this.#reconciles.inc({ namespace, name, reason });
    this.#runTime.observe({ reason }, ms / 1_000);
    if (reasons[reason].kind === 'terminal') this.controllerRuntime.failedForGood();
  }

  stageApplied({ metadata: { namespace = '', name } }: StageSet, stage: string): void {
    this.#applied.inc({ namespace, name, stage });
  }

  stageTook(ms: number): void {
    this.#stageTime.observe(ms / 1_000);
  }

  objects(effect: ObjectEffect, count = 1): void {
    this.#objects.inc({ effect }, count);
  }

  artifactFetched(bytes: number): void {
    this.#artifactBytes.inc(bytes);
  }

  driftCorrected({ metadata: { namespace = '', name } }: StageSet, stage: string, objects: number): void {
    this.#drift.inc({ namespace, name, stage }, objects);
  }

  updateDeferred({ metadata: { namespace = '', name } }: StageSet): void {
    this.#deferred.inc({ namespace, name });
  }

  teardownForced({ metadata: { namespace = '', name } }: StageSet, reason: string): void {
    this.#forced.inc({ namespace, name, reason });
  }

  stagesReady({ metadata: { namespace = '', name: stageset } }: StageSet, stages: readonly StageStatus[]): void {
    for (const { name: stage, phase } of stages) {
      this.#ready.set({ namespace, stageset, stage }, phase === 'Ready' || phase === 'Pruning' ? 1 : 0);
    }
  }

  fluxEventEnded(outcome: FluxEventEnd): void {
    this.#fluxEvents.inc({ outcome });
  }

  leads(name: string, leads: boolean): void {
    this.#leads.set({ name }, leads ? 1 : 0);
  }

  requestSent(seen: ObservedRequest, cluster: 'own' | 'other'): void {
    const { verb, code, ms } = seen;
    this.#restClient.sent(seen, cluster);
    this.#requests.observe({ cluster, verb, code }, ms / 1_000);
  }

  taskRan({ task, outcome, queuedMs, ranMs }: TaskObservation): void {
    this.#taskWait.observe({ task }, queuedMs / 1_000);
    this.#taskRun.observe({ task, outcome }, ranMs / 1_000);
  }

  poolTuned({ direction, because, sample }: Decision): void {
    this.#tuning.inc({ direction, because });
    this.#cpuShare.set(sample.cpuShare);
  }

  watchQueue(queue: WorkQueue, turns: Turns, slots: number): void {
    this.controllerRuntime.watch(queue, turns, slots);
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
    this.#restClient.forgetUnless((host) => remotes.isConnectedTo(host));
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

  /** The StageSet is gone: so are its series, but for the one that tells how it went. */
  forget(set: StageSet): void {
    const { namespace = '', name } = set.metadata;
    this.#deferred.remove({ namespace, name });
    for (const reason of Object.keys(reasons)) this.#reconciles.remove({ namespace, name, reason });
    for (const { name: stage } of [...set.spec.stages, ...(set.status?.stages ?? [])]) this.forgetStage(set, stage);
  }

  forgetStage({ metadata: { namespace = '', name } }: StageSet, stage: string): void {
    this.#applied.remove({ namespace, name, stage });
    this.#drift.remove({ namespace, name, stage });
    this.#ready.remove({ namespace, stageset: name, stage });
  }

  /** One number that is read when somebody asks. */
  #gauge(name: string, help: string, read: () => number): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
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
      registers: [this.registry],
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
      registers: [this.registry],
      collect() {
        const now = new Map(read());
        for (const value of now.keys()) seen.add(value);
        for (const value of seen) this.set({ [label]: value }, now.get(value) ?? 0);
      },
    });
  }
}
