import { defaultValues } from '../../../shared/api/default-values.ts';
import { actionTimeoutMs } from '../../../shared/api/defaults.ts';
import { deadlineIn } from '../../../shared/time/deadline.ts';
import { Superseded } from '../../outcome/outcome.ts';
import { ActionTimedOut, type Attempt } from '../verb.ts';

export interface CallEnding extends Disposable {
  readonly signal: AbortSignal;
  markSent(): void;
}

/**
 * What ends a call: anything, until its first byte is out. From then on the server may be at work, so a call that is
 * superseded goes on, for as long as its timeout lets it.
 */
export function callEnding({ action, beganMs, clock, signal }: Attempt): CallEnding {
  const timeoutMs = actionTimeoutMs(action) ?? Number.POSITIVE_INFINITY;
  const calledOff = new AbortController();
  let isSent = false;
  const heed = () => {
    if (!isSent || !(signal.reason instanceof Superseded)) calledOff.abort(signal.reason);
  };
  const deadline = deadlineIn(Math.max(beganMs + timeoutMs - clock.elapsedMs(), 0), {
    clock,
    unless: calledOff.signal,
    timeUp: () => new ActionTimedOut(action.timeout ?? defaultValues.actionTimeout),
  });
  signal.addEventListener('abort', heed);
  if (signal.aborted) heed();
  return {
    signal: deadline.signal,
    markSent: () => {
      isSent = true;
    },
    [Symbol.dispose]: () => {
      signal.removeEventListener('abort', heed);
      deadline[Symbol.dispose]();
    },
  };
}
