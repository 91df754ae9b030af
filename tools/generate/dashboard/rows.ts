/** A graph or a number, and what it asks Prometheus. */
export interface Panel {
  readonly title: string;
  /** What to make of it, where the title leaves that open. */
  readonly description?: string;
  /** Grafana's name for it; a plain number where absent. */
  readonly unit?: 'short' | 's' | 'bytes' | 'Bps' | 'ops' | 'percentunit';
  /** One number instead of a graph. */
  readonly asNumber?: true;
  readonly queries: readonly Query[];
}

export interface Query {
  readonly expr: string;
  readonly legend: string;
}

export interface Row {
  readonly title: string;
  readonly panels: readonly Panel[];
}

const ofJob = 'job=~"$job"';
const ofSets = `${ofJob},namespace=~"$namespace"`;
const perSecond = (counter: string, labels = ofJob) => `rate(${counter}{${labels}}[$__rate_interval])`;

function quantiles(histogram: string, labels = ofJob): readonly Query[] {
  return [0.5, 0.99].map((q) => ({ expr: quantile(q, histogram, [], labels), legend: `p${q * 100}` }));
}

function quantile(q: number, histogram: string, by: readonly string[], labels = ofJob): string {
  const buckets = perSecond(`${histogram}_bucket`, labels);
  return `histogram_quantile(${q}, sum by (${[...by, 'le'].join(', ')}) (${buckets}))`;
}

const one = (expr: string, legend: string): readonly Query[] => [{ expr, legend }];

export const rows: readonly Row[] = [
  {
    title: 'Fleet',
    panels: [
      { title: 'Stages', asNumber: true, queries: one(`count(stageset_stage_ready{${ofSets}})`, 'stages') },
      {
        title: 'Stages not Ready',
        asNumber: true,
        queries: one(`count(stageset_stage_ready{${ofSets}} == 0) or vector(0)`, 'not Ready'),
      },
      {
        title: 'Runs by reason',
        unit: 'ops',
        queries: one(`sum by (reason) (${perSecond('stageset_reconcile_total', ofSets)})`, '{{reason}}'),
      },
      {
        title: 'StageSets that fail most',
        description: 'Runs that did not end in Succeeded or Suspended, over the time shown.',
        queries: one(
          `topk(10, sum by (namespace, name, reason) (increase(stageset_reconcile_total{${ofSets},reason!~"Succeeded|Suspended"}[$__range])) > 0)`,
          '{{namespace}}/{{name}} {{reason}}',
        ),
      },
      {
        title: 'Stages applied',
        unit: 'ops',
        queries: one(`sum by (namespace) (${perSecond('stageset_stage_applied_total', ofSets)})`, '{{namespace}}'),
      },
      {
        title: 'Drift corrected',
        description: 'Objects brought back after somebody else changed them.',
        unit: 'ops',
        queries: one(
          `sum by (namespace, name) (${perSecond('stageset_drift_corrected_total', ofSets)})`,
          '{{namespace}}/{{name}}',
        ),
      },
      {
        title: 'Revisions held back by update windows',
        queries: one(
          `sum by (namespace, name) (increase(stageset_update_deferred_total{${ofSets}}[$__range]))`,
          '{{namespace}}/{{name}}',
        ),
      },
      {
        title: 'Who leads',
        queries: one(`max by (name, instance) (leader_election_master_status{${ofJob}})`, '{{name}} {{instance}}'),
      },
    ],
  },
  {
    title: 'Latency',
    panels: [
      {
        title: 'Work of a run',
        description: 'What a run waits for is left out.',
        unit: 's',
        queries: quantiles('controller_runtime_reconcile_time_seconds', `${ofJob},controller="stageset"`),
      },
      {
        title: 'A run from beginning to end (p99)',
        description: 'What it waits for included.',
        unit: 's',
        queries: one(quantile(0.99, 'stageset_run_duration_seconds', ['reason']), '{{reason}}'),
      },
      {
        title: 'A stage until it is Ready',
        unit: 's',
        queries: quantiles('stageset_stage_duration_seconds'),
      },
      {
        title: 'Runs that failed',
        description: 'Terminal ones wait for another spec. A panic is a bug: its stack is in the log.',
        unit: 'ops',
        queries: ['reconcile_errors', 'terminal_reconcile_errors', 'reconcile_timeouts', 'reconcile_panics'].map(
          (what) => ({
            expr: `sum(${perSecond(`controller_runtime_${what}_total`, `${ofJob},controller="stageset"`)})`,
            legend: what.replace('reconcile_', '').replaceAll('_', ' '),
          }),
        ),
      },
      {
        title: 'Event loop delay',
        description: 'p99 stays under 20 ms: more means that the main thread has work it should not have.',
        unit: 's',
        queries: quantiles('stageset_event_loop_delay_seconds'),
      },
    ],
  },
  {
    title: 'Queue',
    panels: [
      {
        title: 'Due and not started, by lane',
        queries: one(`sum by (lane) (stageset_queue_depth{${ofJob}})`, '{{lane}}'),
      },
      {
        title: 'Due until started (p99), by lane',
        unit: 's',
        queries: one(quantile(0.99, 'stageset_queue_wait_seconds', ['lane']), '{{lane}}'),
      },
      {
        title: 'Slots',
        description: 'Always all of them, while StageSets wait: raise --concurrent.',
        queries: [
          { expr: `sum(controller_runtime_active_workers{${ofJob},controller="stageset"})`, legend: 'busy' },
          { expr: `sum(controller_runtime_max_concurrent_reconciles{${ofJob},controller="stageset"})`, legend: 'all' },
        ],
      },
      {
        title: 'Runs that wait without a slot',
        queries: one(`sum by (waiting_for) (stageset_runs_waiting{${ofJob}})`, '{{waiting_for}}'),
      },
      {
        title: 'Work queue',
        unit: 'ops',
        queries: ['adds', 'retries'].map((what) => ({
          expr: `sum(${perSecond(`workqueue_${what}_total`, `${ofJob},name="stageset"`)})`,
          legend: what,
        })),
      },
      {
        title: 'Work that has not ended',
        unit: 's',
        queries: [
          { expr: `sum(workqueue_unfinished_work_seconds{${ofJob},name="stageset"})`, legend: 'together' },
          { expr: `max(workqueue_longest_running_processor_seconds{${ofJob},name="stageset"})`, legend: 'longest' },
        ],
      },
    ],
  },
  {
    title: 'Workers and memory',
    panels: [
      {
        title: 'Tasks',
        description: 'The limit moves between its bounds: up while tasks queue and CPU is free.',
        queries: [
          { expr: `sum(stageset_tasks_running{${ofJob}})`, legend: 'running' },
          { expr: `sum(stageset_tasks_queued{${ofJob}})`, legend: 'queued' },
          { expr: `sum(stageset_worker_limit{${ofJob}})`, legend: 'limit' },
          { expr: `sum(stageset_worker_limit_max{${ofJob}})`, legend: 'limit at most' },
          { expr: `sum(stageset_workers{${ofJob}})`, legend: 'threads' },
        ],
      },
      {
        title: 'Tasks: wait for a thread (p99)',
        unit: 's',
        queries: one(quantile(0.99, 'stageset_task_wait_seconds', ['task']), '{{task}}'),
      },
      {
        title: 'Tasks: time on a thread (p99)',
        unit: 's',
        queries: one(quantile(0.99, 'stageset_task_run_seconds', ['task']), '{{task}}'),
      },
      {
        title: 'CPU',
        description: 'The share is of what the process may use.',
        queries: [
          { expr: `sum by (instance) (${perSecond('process_cpu_seconds_total')})`, legend: 'cores {{instance}}' },
          { expr: `max by (instance) (stageset_cpu_share{${ofJob}})`, legend: 'share {{instance}}' },
        ],
      },
      {
        title: 'Memory',
        unit: 'bytes',
        queries: [
          { expr: `sum by (instance) (process_resident_memory_bytes{${ofJob}})`, legend: 'held {{instance}}' },
          { expr: `sum by (instance) (stageset_peak_memory_bytes{${ofJob}})`, legend: 'peak {{instance}}' },
          { expr: `sum by (instance) (nodejs_heap_size_used_bytes{${ofJob}})`, legend: 'main heap {{instance}}' },
        ],
      },
      {
        title: 'Memory budget',
        unit: 'bytes',
        queries: [
          { expr: `sum by (instance) (stageset_memory_reserved_bytes{${ofJob}})`, legend: 'reserved {{instance}}' },
          { expr: `sum by (instance) (stageset_memory_budget_bytes{${ofJob}})`, legend: 'budget {{instance}}' },
        ],
      },
      {
        title: 'Builds that wait for memory',
        queries: one(`sum(stageset_memory_waiting{${ofJob}})`, 'waiting'),
      },
      {
        title: 'Builds answered from memory',
        unit: 'percentunit',
        queries: one(
          `sum(${perSecond('stageset_build_cache_hits_total')}) / (sum(${perSecond('stageset_build_cache_hits_total')}) + sum(${perSecond('stageset_build_cache_misses_total')}))`,
          'hits',
        ),
      },
      {
        title: 'Build cache: dropped for want of room',
        description: 'Goes on and on: raise --build-cache.',
        unit: 'ops',
        queries: one(`sum(${perSecond('stageset_build_cache_evictions_total')})`, 'evictions'),
      },
    ],
  },
  {
    title: 'Apply traffic',
    panels: [
      {
        title: 'Objects, by what their apply did',
        unit: 'ops',
        queries: one(`sum by (effect) (${perSecond('stageset_objects_total')})`, '{{effect}}'),
      },
      {
        title: 'API requests, by verb',
        unit: 'ops',
        queries: one(
          `sum by (cluster, verb) (${perSecond('stageset_api_request_duration_seconds_count')})`,
          '{{verb}} ({{cluster}})',
        ),
      },
      {
        title: 'API requests, by code',
        unit: 'ops',
        queries: one(`sum by (code) (${perSecond('rest_client_requests_total')})`, '{{code}}'),
      },
      {
        title: 'API requests (p99)',
        unit: 's',
        queries: one(
          quantile(0.99, 'stageset_api_request_duration_seconds', ['verb'], `${ofJob},cluster="own"`),
          '{{verb}}',
        ),
      },
      {
        title: 'API requests at once',
        description: 'The limit follows how the API server does.',
        queries: ['in_flight', 'waiting', 'limit'].map((what) => ({
          expr: `sum(stageset_api_requests_${what}{${ofJob}})`,
          legend: what.replace('_', ' '),
        })),
      },
      {
        title: 'Artifacts downloaded',
        unit: 'Bps',
        queries: one(`sum(${perSecond('stageset_artifact_bytes_total')})`, 'bytes'),
      },
    ],
  },
  {
    title: 'Webhook',
    panels: [
      {
        title: 'Reviews, by code',
        unit: 'ops',
        queries: one(`sum by (code) (${perSecond('controller_runtime_webhook_requests_total')})`, '{{code}}'),
      },
      { title: 'A review', unit: 's', queries: quantiles('controller_runtime_webhook_latency_seconds') },
      {
        title: 'Reviews at once',
        queries: one(`sum(controller_runtime_webhook_requests_in_flight{${ofJob}})`, 'in flight'),
      },
      {
        title: 'Certificate renewals that failed',
        description: 'The certificate works until it expires: by then renewal must work again.',
        queries: one(
          `sum by (instance) (increase(stageset_webhook_cert_renewal_failures_total{${ofJob}}[$__range]))`,
          '{{instance}}',
        ),
      },
    ],
  },
];
