import type { LimitBounds } from './limit-bounds.ts';

/** What a stretch of time was like: means over it. */
export interface Sample {
  /** Tasks that waited for a worker. */
  readonly queued: number;
  readonly running: number;
  /** CPU used, of what the process may use: 1 is all of it. */
  readonly cpuShare: number;
}

/** Why the limit is what it is now. `steady`: the last sample gave no reason to move it. */
export type Because = 'steady' | 'queueing' | 'noGain' | 'idle';

export interface Tuning {
  readonly limit: number;
  readonly because: Because;
  /** A growth that has yet to show that it brings something. */
  readonly trial: Trial | undefined;
  /** Samples in a row in which one task less in flight would have done. */
  readonly idleSamples: number;
  /** Samples to come in which it does not grow: growing has just brought nothing. */
  readonly restSamples: number;
}

interface Trial {
  readonly cpuShareBefore: number;
  /** Samples to come that do not count: new threads load their code. */
  readonly warmUpSamples: number;
}

/** What is used of the CPU beyond this is not free: threads of one machine never come to quite all of it. */
const FREE_CPU_BELOW = 0.85;
/** Of what one more in flight could bring, so much must come. */
const LEAST_GAIN = 0.25;
const WARM_UP_SAMPLES = 1;
/** So that a pause between two rollouts costs nothing. */
const IDLE_SAMPLES = 15;
const REST_SAMPLES = 30;

export function firstTuning({ start }: LimitBounds): Tuning {
  return { limit: start, because: 'steady', trial: undefined, idleSamples: 0, restSamples: 0 };
}

/**
 * The limit after a sample.
 * - It grows while tasks queue longer than they run and CPU is free: up to the CPU quota at once, beyond it by one.
 * - Beyond the quota each step must prove itself: one that brought no more work done is taken back, and the next try
 *   waits a while. Tasks do nothing but compute, so CPU used is work done, whatever their sizes.
 * - It shrinks by one when one less would have done for a while.
 */
export function nextTuning(now: Tuning, sample: Sample, bounds: LimitBounds): Tuning {
  const restSamples = Math.max(0, now.restSamples - 1);
  const idleSamples = couldDoWithLess(now.limit, sample) ? now.idleSamples + 1 : 0;
  const steady: Tuning = { limit: now.limit, because: 'steady', trial: undefined, idleSamples, restSamples };

  if (now.trial !== undefined && isFull(now.limit, sample)) {
    const { cpuShareBefore, warmUpSamples } = now.trial;
    if (warmUpSamples > 0) return { ...steady, trial: { cpuShareBefore, warmUpSamples: warmUpSamples - 1 } };
    if (!hasGained(now.limit, cpuShareBefore, sample)) {
      return { ...steady, limit: now.limit - 1, because: 'noGain', restSamples: REST_SAMPLES };
    }
  }
  if (isQueueing(sample) && sample.cpuShare < FREE_CPU_BELOW && now.limit < bounds.max) {
    if (now.limit < bounds.start) return { ...steady, limit: bounds.start, because: 'queueing' };
    if (restSamples > 0) return steady;
    const trial = { cpuShareBefore: sample.cpuShare, warmUpSamples: WARM_UP_SAMPLES };
    return { ...steady, limit: now.limit + 1, because: 'queueing', trial };
  }
  if (idleSamples >= IDLE_SAMPLES && now.limit > bounds.min) {
    return { ...steady, limit: now.limit - 1, because: 'idle', idleSamples: 0 };
  }
  return steady;
}

/** By Little's law: where more wait than run, on average each waits longer than it runs. */
function isQueueing({ queued, running }: Sample): boolean {
  return queued > running;
}

function isFull(limit: number, { running }: Sample): boolean {
  return running > limit - 0.5;
}

function couldDoWithLess(limit: number, { queued, running }: Sample): boolean {
  return queued + running <= limit - 1;
}

function hasGained(limit: number, cpuShareBefore: number, { cpuShare }: Sample): boolean {
  return cpuShare >= cpuShareBefore * (1 + LEAST_GAIN / (limit - 1));
}
