import type { ControllerProcess } from '../../test/harness/controller.ts';

/** What the controller tells of itself: two of these differ by what happened between them. */
export interface Look {
  readonly cpuMs: number;
  readonly peakBytes: number;
  /** Ended, however. */
  readonly runs: number;
  /** How often the event loop was at most so late, by bucket. */
  readonly loopDelays: readonly Bucket[];
}

interface Bucket {
  readonly upToMs: number;
  readonly count: number;
}

/** Before a controller has begun. */
export const nothingYet: Look = { cpuMs: 0, peakBytes: 0, runs: 0, loopDelays: [] };

export async function look(controller: ControllerProcess): Promise<Look> {
  const text = await controller.metrics();
  return {
    cpuMs: figure(text, 'process_cpu_seconds_total') * 1_000,
    peakBytes: figure(text, 'stageset_peak_memory_bytes'),
    runs: [...text.matchAll(/^controller_runtime_reconcile_total\{.*\} (\d+)/gm)].reduce(
      (sum, [, n]) => sum + Number(n),
      0,
    ),
    loopDelays: [...text.matchAll(/^stageset_event_loop_delay_seconds_bucket\{le="([^"]+)"\} (\d+)/gm)].map(
      ([, le, count]) => ({
        upToMs: le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le) * 1_000,
        count: Number(count),
      }),
    ),
  };
}

/** What the worker pool is doing, in a scrape. */
export function tasksIn(text: string) {
  return {
    threads: figure(text, 'stageset_workers'),
    running: figure(text, 'stageset_tasks_running'),
    queued: figure(text, 'stageset_tasks_queued'),
    limit: figure(text, 'stageset_worker_limit'),
  };
}

function figure(text: string, metric: string): number {
  const found = new RegExp(`^${metric} (\\S+)`, 'm').exec(text)?.[1];
  if (found === undefined) throw new Error(`the controller's metrics lack ${metric}`);
  return Number(found);
}

/** Within a bucket, as if its delays lay evenly in it. */
export function loopDelayMs(before: Look, after: Look, share: number): number {
  const during = after.loopDelays.map(({ upToMs, count }, i) => ({
    upToMs,
    count: count - (before.loopDelays[i]?.count ?? 0),
  }));
  const wanted = (during.at(-1)?.count ?? 0) * share;
  const i = during.findIndex(({ count }) => count >= wanted);
  const [below, bucket] = [during[i - 1] ?? { upToMs: 0, count: 0 }, during[i]];
  if (bucket === undefined || bucket.upToMs === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
  const part = bucket.count === below.count ? 1 : (wanted - below.count) / (bucket.count - below.count);
  return below.upToMs + part * (bucket.upToMs - below.upToMs);
}
