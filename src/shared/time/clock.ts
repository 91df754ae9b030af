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
  // Not Node's own: it makes an error with a stack for each sleep that ends early, and most of ours do.
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      const wakeUp = () => {
        signal?.removeEventListener('abort', giveUp);
        resolve();
      };
      const timer = setTimeout(wakeUp, ms);
      const giveUp = () => {
        clearTimeout(timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', giveUp, { once: true });
      if (signal?.aborted) giveUp();
    }),
};
