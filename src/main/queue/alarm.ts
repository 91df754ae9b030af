import type { Clock } from '../../shared/time/clock.ts';

/** Longer, and Node's timers overflow and fire at once. */
const longestSleepMs = 2 ** 31 - 1;

/** One timer for many wishes: rings at the earliest time it was set to, perhaps before it, and is then unset. */
export class Alarm {
  readonly #clock: Clock;
  readonly #ring: () => void;
  #pending: { readonly atMs: number; readonly stop: AbortController } | undefined;

  constructor(clock: Clock, ring: () => void) {
    this.#clock = clock;
    this.#ring = ring;
  }

  set(atMs: number): void {
    if (this.#pending !== undefined && this.#pending.atMs <= atMs) return;
    this.cancel();
    const pending = { atMs, stop: new AbortController() };
    this.#pending = pending;
    const sleepMs = Math.min(Math.max(atMs - this.#clock.elapsedMs(), 0), longestSleepMs);
    this.#clock.sleep(sleepMs, pending.stop.signal).then(
      () => {
        // Cancelled between the timer and here: another one rings in its place.
        if (this.#pending !== pending) return;
        this.#pending = undefined;
        this.#ring();
      },
      () => undefined,
    );
  }

  cancel(): void {
    this.#pending?.stop.abort();
    this.#pending = undefined;
  }
}
