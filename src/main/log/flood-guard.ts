import type { Clock } from '../../shared/time/clock.ts';

/** So many lines of one message at once, then so many a second: ten thousand StageSets that roll out are told in full. */
const BURST = 20_000;
const PER_SECOND = 200;
const MOST_MESSAGES = 1_000;

interface Allowance {
  lines: number;
  atMs: number;
  leftOut: number;
}

/** Keeps one message that comes without end from pushing all others out of the log. */
export class FloodGuard {
  readonly #clock: Clock;
  readonly #allowances = new Map<string, Allowance>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether this line may go out, and how many like it were left out since the last that did. */
  admits(message: string): { readonly ok: boolean; readonly leftOut: number } {
    const nowMs = this.#clock.elapsedMs();
    const allowance = this.#allowanceFor(message, nowMs);
    allowance.lines = Math.min(BURST, allowance.lines + ((nowMs - allowance.atMs) / 1_000) * PER_SECOND);
    allowance.atMs = nowMs;
    if (allowance.lines < 1) {
      allowance.leftOut += 1;
      return { ok: false, leftOut: 0 };
    }
    allowance.lines -= 1;
    const { leftOut } = allowance;
    allowance.leftOut = 0;
    return { ok: true, leftOut };
  }

  #allowanceFor(message: string, nowMs: number): Allowance {
    const known = this.#allowances.get(message);
    if (known !== undefined) return known;
    if (this.#allowances.size >= MOST_MESSAGES) this.#allowances.clear();
    const fresh = { lines: BURST, atMs: nowMs, leftOut: 0 };
    this.#allowances.set(message, fresh);
    return fresh;
  }
}
