import type { Clock } from '../../shared/time/clock.ts';
import type { CpuShare } from './cpu-share.ts';
import type { LimitBounds } from './limit-bounds.ts';
import type { MeanLoad } from './mean-load.ts';
import { type Because, firstTuning, nextTuning, type Sample } from './tuner.ts';

/** Long enough for a new thread to load its code, short enough for a rollout to gain by it. */
export const SAMPLE_MS = 2_000;

export interface Tuned {
  readonly bounds: LimitBounds;
  readonly load: MeanLoad;
  readonly cpu: CpuShare;
  readonly clock: Clock;
  readonly onDecision: (decision: Decision) => void;
}

export interface Decision {
  readonly limit: number;
  readonly direction: 'grow' | 'shrink' | 'stay';
  readonly because: Because;
  readonly sample: Sample;
}

/** Looks, decides, tells, until the signal ends it. */
export async function keepTuned({ bounds, load, cpu, clock, onDecision }: Tuned, signal: AbortSignal): Promise<void> {
  let tuning = firstTuning(bounds);
  for (;;) {
    await clock.sleep(SAMPLE_MS, signal).catch(() => {});
    if (signal.aborted) return;
    const sample = { ...load.take(), cpuShare: cpu.take() };
    const next = nextTuning(tuning, sample, bounds);
    onDecision({ limit: next.limit, direction: directionOf(next.limit - tuning.limit), because: next.because, sample });
    tuning = next;
  }
}

function directionOf(change: number): Decision['direction'] {
  if (change === 0) return 'stay';
  return change > 0 ? 'grow' : 'shrink';
}
