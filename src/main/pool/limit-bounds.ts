/** Where the limit of tasks in flight may be, and so how many threads there may be. */
export interface LimitBounds {
  readonly min: number;
  readonly start: number;
  readonly max: number;
}

/** A thread that waits for its next task leaves its CPU to another one, but hardly to more than one. */
const THREADS_PER_CPU = 2;

/**
 * A number pins the limit. `auto` begins with what the CPU quota keeps busy and leaves one thread when nothing is to do;
 * a `workersMax` of `auto` is twice the quota.
 */
export function limitBounds(workers: number | 'auto', workersMax: number | 'auto', cpuQuota: number): LimitBounds {
  if (workers !== 'auto') return { min: workers, start: workers, max: workers };
  const max = workersMax === 'auto' ? THREADS_PER_CPU * cpuQuota : workersMax;
  return { min: 1, start: Math.min(cpuQuota, max), max };
}
