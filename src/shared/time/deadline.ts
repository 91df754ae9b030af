import type { Clock } from './clock.ts';

/** Leave that ends. */
export interface Ending {
  readonly signal: AbortSignal;
  /** Asks the clock as well, and throws when it has ended: a process that was frozen runs no timer first. */
  throwIfEnded(): void;
}

/** When a request must end: its time is up, or its caller gave up. Dispose of it when the request is over. */
export interface Deadline extends Ending, Disposable {}

export interface DeadlineWishes {
  readonly clock: Clock;
  /** Whoever may give up earlier, for a reason that the deadline then ends with. */
  readonly unless: AbortSignal | Ending | undefined;
  readonly timeUp: () => Error;
}

/** A longer timer would ring at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export function deadlineIn(ms: number, { clock, unless, timeUp }: DeadlineWishes): Deadline {
  const outer = unless instanceof AbortSignal ? endingOf(unless) : unless;
  outer?.throwIfEnded();
  const controller = new AbortController();
  const endsAtMs = clock.elapsedMs() + ms;
  const giveUp = () => controller.abort(outer?.signal.reason);
  const timer = setTimeout(() => controller.abort(timeUp()), Math.min(ms, LONGEST_TIMER_MS));
  outer?.signal.addEventListener('abort', giveUp);
  return {
    signal: controller.signal,
    throwIfEnded() {
      outer?.throwIfEnded();
      if (clock.elapsedMs() >= endsAtMs) controller.abort(timeUp());
      controller.signal.throwIfAborted();
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      outer?.signal.removeEventListener('abort', giveUp);
    },
  };
}

function endingOf(signal: AbortSignal): Ending {
  return { signal, throwIfEnded: () => signal.throwIfAborted() };
}

/** The work's own end, or the signal's, whichever comes first; a late result is dropped. */
export function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const giveUp = () => reject(signal.reason);
    if (signal.aborted) giveUp();
    signal.addEventListener('abort', giveUp);
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}
