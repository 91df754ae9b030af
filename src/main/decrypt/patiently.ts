import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { deadlineIn, orAborted } from '../../shared/time/deadline.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';

const ANSWER_MS = 15_000;
const PAUSES_MS = [500, 2_000];

export interface Patience {
  readonly clock: Clock;
  /** How long one try may take, getting a token included. */
  readonly answerMs?: number;
}

/**
 * Asks again, twice, where the service is busy or out of reach, and gives up on one that does not answer.
 * Every cloud's library has its own idea of both, up to waiting for as long as a server says: theirs is turned off.
 */
export function patiently<K extends RemoteKey>(service: KeyService<K>, patience: Patience): KeyService<K> {
  return {
    async unwrap(key, signal) {
      for (const pauseMs of PAUSES_MS) {
        try {
          return await once(service, key, signal, patience);
        } catch (error) {
          if (!(error instanceof KeyServiceError && error.isPassing)) throw error;
        }
        await patience.clock.sleep(pauseMs, signal);
      }
      return await once(service, key, signal, patience);
    },
  };
}

async function once<K extends RemoteKey>(
  service: KeyService<K>,
  key: K,
  unless: AbortSignal,
  { clock, answerMs = ANSWER_MS }: Patience,
): Promise<Uint8Array> {
  const timeUp = () => new KeyServiceError(`no answer came within ${answerMs / 1_000} s`);
  using deadline = deadlineIn(answerMs, { clock, unless, timeUp });
  // Some of what a library does on the way to an answer hears no signal.
  return await orAborted(service.unwrap(key, deadline.signal), deadline.signal);
}
