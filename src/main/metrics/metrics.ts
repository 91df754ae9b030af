import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { type Reason, reasons } from '../../shared/api/reasons.ts';
import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import type { FluxEventEnd } from '../events/flux-outbox.ts';
import type { ObservedRequest } from '../kube/client.ts';
import type { Decision } from '../pool/keep-tuned.ts';
import type { TaskObservation } from '../pool/pool.ts';
import type { Work } from '../queue/work-queue.ts';
import { ControllerRuntimeMetrics } from './controller-runtime.ts';
import { observeLoopDelay } from './loop-delay.ts';
import { Readings } from './readings.ts';
import { RestClientMetrics } from './rest-client.ts';
import { WebhookMetrics } from './webhook.ts';

/** A rollout may wait for minutes or hours. */
const LONG_SECONDS = [0.1, 0.5, 1, 5, 15, 30, 60, 120, 300, 600, 1_800, 3_600];

export type ObjectEffect = 'created' | 'configured' | 'unchanged' | 'skipped';

/** What the process tells Prometheus. Label values that stem from a removed StageSet go with it. */
export class Metrics {
  readonly registry = new Registry();
  readonly controllerRuntime = new ControllerRuntimeMetrics(this.registry);
  readonly restClient = new RestClientMetrics(this.registry);
  readonly readings = new Readings(this.registry);
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
    // Its own look at the event loop, beside ours: seldom, as each wakes up the process.
    collectDefaultMetrics({ register: this.registry, eventLoopMonitoringPrecision: 50 });
    observeLoopDelay((seconds) => this.#loopDelay.observe(seconds));
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
    this.restClient.sent(seen, cluster);
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
}
