import type { Clock } from '../../shared/time/clock.ts';

export interface CpuShareMeans {
  readonly clock: Clock;
  /** How many CPUs' time the process may use. */
  readonly allowance: number;
  readonly usedMs?: () => number;
}

/** How much of the CPU time that the process may use all its threads have used since the last look: 1 is all of it. */
export class CpuShare {
  readonly #means: Required<CpuShareMeans>;
  #sinceMs: number;
  #usedBeforeMs: number;

  constructor({ usedMs = processCpuMs, ...means }: CpuShareMeans) {
    this.#means = { usedMs, ...means };
    this.#sinceMs = means.clock.elapsedMs();
    this.#usedBeforeMs = usedMs();
  }

  /** The next one begins here. */
  take(): number {
    const { clock, allowance, usedMs } = this.#means;
    const [nowMs, usedNowMs] = [clock.elapsedMs(), usedMs()];
    const share = (usedNowMs - this.#usedBeforeMs) / (Math.max(1, nowMs - this.#sinceMs) * allowance);
    this.#sinceMs = nowMs;
    this.#usedBeforeMs = usedNowMs;
    return share;
  }
}

function processCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}
