import { setImmediate as settled } from 'node:timers/promises';
import type { Clock } from './clock.ts';

interface Sleeper {
  readonly wakeMs: number;
  readonly wake: () => void;
}

/** A clock for tests: time stands still until `advance`. */
export class ManualClock implements Clock {
  #passedMs = 0;
  readonly #startedMs: number;
  readonly #sleepers = new Set<Sleeper>();

  constructor(startedAt = '2030-01-01T00:00:00Z') {
    this.#startedMs = Date.parse(startedAt);
  }

  wallMs(): number {
    return this.#startedMs + this.#passedMs;
  }

  elapsedMs(): number {
    return this.#passedMs;
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const giveUp = () => {
        this.#sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const sleeper = {
        wakeMs: this.#passedMs + Math.max(ms, 0),
        wake: () => {
          signal?.removeEventListener('abort', giveUp);
          resolve();
        },
      };
      this.#sleepers.add(sleeper);
      signal?.addEventListener('abort', giveUp, { once: true });
    });
  }

  /** How many wait: a test for leaks. */
  get sleeping(): number {
    return this.#sleepers.size;
  }

  /** Wakes sleepers one by one at their own time, and lets what each one starts settle before the next. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#passedMs + ms;
    await settled();
    for (let next = this.#nextUntil(endMs); next !== undefined; next = this.#nextUntil(endMs)) {
      this.#passedMs = next.wakeMs;
      this.#sleepers.delete(next);
      next.wake();
      await settled();
    }
    this.#passedMs = endMs;
  }

  #nextUntil(endMs: number): Sleeper | undefined {
    let next: Sleeper | undefined;
    for (const sleeper of this.#sleepers) {
      if (sleeper.wakeMs <= endMs && (next === undefined || sleeper.wakeMs < next.wakeMs)) next = sleeper;
    }
    return next;
  }
}
