import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs?: number;
  readonly everyMs?: number;
  /** Ends the asking early, with its reason. */
  readonly unless?: AbortSignal;
}

/** Asks again until the question is answered without an error; at the end of the time throws the last one. */
export async function eventually<T>(
  question: () => Promise<T> | T,
  { timeoutMs = 60_000, everyMs = 50, unless }: Patience = {},
): Promise<T> {
  const deadline = performance.now() + timeoutMs;
  for (;;) {
    try {
      return await question();
    } catch (error) {
      unless?.throwIfAborted();
      if (performance.now() >= deadline) throw error;
    }
    await delay(everyMs);
  }
}
