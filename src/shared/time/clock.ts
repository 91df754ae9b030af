import { setTimeout as delay } from 'node:timers/promises';

/** Time comes in by the door: what waits or dates takes a clock, and tests bring their own. */
export interface Clock {
  /** Calendar time, in ms: status, windows. It may jump. */
  wallMs(): number;
  /** Monotonic time, in ms: timeouts, backoff. */
  elapsedMs(): number;
  /** Rejects with the signal's reason when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  wallMs: () => Date.now(),
  elapsedMs: () => performance.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, signal === undefined ? {} : { signal }).catch((aborted) => {
      // Node wraps the reason in an AbortError of its own.
      throw signal?.reason ?? aborted;
    }),
};
