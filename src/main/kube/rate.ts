import type { Clock } from '../../shared/time/clock.ts';

export interface RateWishes {
  readonly perSecond: number;
  readonly burst: number;
}

/** Most requests a second, and most at once after a pause; first come, first served. */
export class Rate {
  readonly #perSecond: number;
  readonly #burst: number;
  readonly #clock: Clock;
  /** When the burst will be whole again: each request moves it on by its share of a second. */
  #wholeAtMs = Number.NEGATIVE_INFINITY;

  constructor({ perSecond, burst, clock }: RateWishes & { readonly clock: Clock }) {
    this.#perSecond = perSecond;
    this.#burst = burst;
    this.#clock = clock;
  }

  /** Resolves when it is the caller's turn; rejects when the signal is first, and then its turn is lost. */
  async take(signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    const nowMs = this.#clock.elapsedMs();
    const shareMs = 1_000 / this.#perSecond;
    this.#wholeAtMs = Math.max(this.#wholeAtMs, nowMs) + shareMs;
    const waitMs = this.#wholeAtMs - nowMs - this.#burst * shareMs;
    if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
  }
}
