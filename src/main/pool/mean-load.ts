import type { Clock } from '../../shared/time/clock.ts';

export interface Load {
  readonly queued: number;
  readonly running: number;
}

/** What the load was on average since the last look: a look at one moment would see a burst or miss it. */
export class MeanLoad {
  readonly #clock: Clock;
  #now: Load = { queued: 0, running: 0 };
  #sinceMs: number;
  #countedToMs: number;
  #queuedMs = 0;
  #runningMs = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#sinceMs = clock.elapsedMs();
    this.#countedToMs = this.#sinceMs;
  }

  /** To be told of every change. */
  note(load: Load): void {
    this.#countToNow();
    this.#now = load;
  }

  /** The next one begins here. */
  take(): Load {
    this.#countToNow();
    const ms = Math.max(1, this.#countedToMs - this.#sinceMs);
    const mean = { queued: this.#queuedMs / ms, running: this.#runningMs / ms };
    this.#sinceMs = this.#countedToMs;
    this.#queuedMs = 0;
    this.#runningMs = 0;
    return mean;
  }

  #countToNow(): void {
    const nowMs = this.#clock.elapsedMs();
    const ms = nowMs - this.#countedToMs;
    this.#queuedMs += this.#now.queued * ms;
    this.#runningMs += this.#now.running * ms;
    this.#countedToMs = nowMs;
  }
}
