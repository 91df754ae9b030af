import { actionTimeoutMs, retriesOf } from '../../shared/api/defaults.ts';
import type { Action, Verb as VerbName } from '../../shared/api/types.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { endsTheRun } from '../outcome/outcome.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { Ledger } from './ledger.ts';
import type { Tries, TriesByKey } from './tries.ts';
import { ActionTimedOut, type Attempt, type Verb, type Verbs } from './verb.ts';

/** What all actions of one list share. */
export interface Means extends Omit<Attempt, 'action' | 'key' | 'signal' | 'beganMs'> {
  readonly verbs: Verbs;
  readonly ledger: Ledger;
  readonly tries: TriesByKey;
  /** Ends every wait. */
  readonly superseded: AbortSignal;
}

/** However many tries it takes. */
const LONGEST_PAUSE_MS = 5 * 60_000;

/** Those of the list that the ledger does not have. */
export function toRun(actions: readonly Action[], ledger: Ledger): readonly Action[] {
  return actions.filter(({ name }) => !ledger.has(name));
}

/**
 * Tries until the action has taken effect, and has that recorded, whatever has come meanwhile. Rejects with what the
 * last try failed for, or with the reason of `superseded`.
 */
export async function runAction(action: Action, means: Means): Promise<void> {
  means.superseded.throwIfAborted();
  const key = means.ledger.keyOf(action.name);
  const tries = means.tries.get(key) ?? { failures: 0, beganMs: undefined };
  means.tries.set(key, tries);
  await tryUntilDone(action, key, tries, means);
  await means.ledger.record(action.name);
  means.tries.delete(key);
}

async function tryUntilDone(action: Action, key: string, tries: Tries, means: Means): Promise<void> {
  const { clock, superseded, log } = means;
  for (;;) {
    try {
      return await tryOnce(action, key, tries, means);
    } catch (error) {
      superseded.throwIfAborted();
      if (endsTheRun(error)) throw error;
      tries.beganMs = undefined;
      tries.failures += 1;
      if (tries.failures > retriesOf(action)) {
        means.tries.delete(key);
        throw error;
      }
      log.info('action is tried again', { action: action.name, failures: tries.failures, error });
      await means.park('retry', () => clock.sleep(backoffMs(tries.failures, LONGEST_PAUSE_MS), superseded));
    }
  }
}

async function tryOnce(action: Action, key: string, tries: Tries, means: Means): Promise<void> {
  const { clock, superseded } = means;
  const timeoutMs = actionTimeoutMs(action);
  tries.beganMs ??= clock.elapsedMs();
  const attempt = { ...means, action, key, beganMs: tries.beganMs };
  if (timeoutMs === undefined) return await begin(action, { ...attempt, signal: superseded });
  const leftMs = Math.max(tries.beganMs + timeoutMs - clock.elapsedMs(), 0);
  const timeUp = () => new ActionTimedOut(formatDuration(timeoutMs));
  using deadline = deadlineIn(leftMs, { clock, unless: superseded, timeUp });
  await begin(action, { ...attempt, signal: deadline.signal });
}

/** An action has exactly one verb, and the run was refused where it has one that we lack. */
function begin(action: Action, attempt: Attempt & { readonly verbs: Verbs }): Promise<void> {
  for (const [name, verb] of Object.entries(attempt.verbs) as [VerbName, Verb<unknown>][]) {
    const fields = action[name];
    if (fields !== undefined) return verb(fields, attempt);
  }
  throw new Error(`action "${action.name}" has no verb that is known here`);
}
