import { setTimeout as delay } from 'node:timers/promises';

export interface Patience {
  readonly timeoutMs?: number;
  /** Absent: after a tenth of the time that it has waited, so that nobody waits much longer than needed, or asks often for long. */
  readonly everyMs?: number;
  /** Ends the asking early, with its reason. */
  readonly unless?: AbortSignal;
}

/** Asks again until the question is answered without an error; at the end of the time throws the last one. */
export async function eventually<T>(
  question: () => Promise<T> | T,
  { timeoutMs = 60_000, everyMs, unless }: Patience = {},
): Promise<T> {
  const startedAtMs = performance.now();
  for (;;) {
    try {
      return await question();
    } catch (error) {
      unless?.throwIfAborted();
      if (performance.now() - startedAtMs >= timeoutMs) throw error;
    }
    await delay(everyMs ?? pauseMs(performance.now() - startedAtMs));
  }
}

function pauseMs(waitedMs: number): number {
  return Math.min(Math.max(50, waitedMs / 10), 1_000);
}
