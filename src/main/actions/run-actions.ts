import { actionTimeoutMs, retriesOf } from '../../shared/api/defaults.ts';
import type { Action, Verb as VerbName } from '../../shared/api/types.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import { endsTheRun } from '../outcome/outcome.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { Ledger } from './ledger.ts';
import type { Tries, TriesByKey } from './tries.ts';
import { ActionTimedOut, type RenderingAttempt, type Verb, type Verbs } from './verb.ts';

/** What all actions of one list share. */
export interface Means extends Omit<RenderingAttempt, OfOneTry> {
  readonly verbs: Verbs;
  readonly ledger: Ledger;
  readonly tries: TriesByKey;
  /** Ends every wait. */
  readonly superseded: AbortSignal;
  /** Ends even what that lets finish. */
  readonly deleted: AbortSignal;
  /** What an action's own source holds now, '' where it has none: with another one its tries and its time begin anew. */
  readonly sourceOf: (action: Action) => string;
}

type OfOneTry = 'action' | 'key' | 'signal' | 'beganMs' | 'utmost' | 'onceRecorded';
type Afterwards = (work: () => Promise<void>) => void;

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
  const tried = [key, means.sourceOf(action)].join(' ').trimEnd();
  const tries = means.tries.get(tried) ?? { failures: 0, beganMs: undefined };
  means.tries.set(tried, tries);
  const afterwards: (() => Promise<void>)[] = [];
  try {
    await tryUntilDone(action, key, tries, means, (work) => afterwards.push(work));
  } catch (error) {
    if (tries.failures > retriesOf(action)) means.tries.delete(tried);
    throw error;
  }
  await means.ledger.record(action.name);
  means.tries.delete(tried);
  for (const work of afterwards) await tidied(work, action, means);
}

async function tidied(work: () => Promise<void>, { name }: Action, { log }: Means): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (endsTheRun(error)) throw error;
    log.warn('an action has left something behind', { action: name, error });
  }
}

async function tryUntilDone(
  action: Action,
  key: string,
  tries: Tries,
  means: Means,
  onceRecorded: Afterwards,
): Promise<void> {
  const { clock, superseded, log } = means;
  for (;;) {
    try {
      return await tryOnce(action, key, tries, means, onceRecorded);
    } catch (error) {
      superseded.throwIfAborted();
      if (endsTheRun(error)) throw error;
      tries.beganMs = undefined;
      tries.failures += 1;
      if (tries.failures > retriesOf(action)) throw error;
      log.info('action is tried again', { action: action.name, failures: tries.failures, error });
      await means.park('retry', () => clock.sleep(backoffMs(tries.failures, LONGEST_PAUSE_MS), superseded));
    }
  }
}

async function tryOnce(
  action: Action,
  key: string,
  tries: Tries,
  means: Means,
  onceRecorded: Afterwards,
): Promise<void> {
  const { clock, superseded, deleted } = means;
  const timeoutMs = actionTimeoutMs(action);
  tries.beganMs ??= clock.elapsedMs();
  const attempt = { ...means, action, key, onceRecorded, beganMs: tries.beganMs };
  if (timeoutMs === undefined) return await begin(action, { ...attempt, signal: superseded, utmost: deleted });
  const leftMs = Math.max(tries.beganMs + timeoutMs - clock.elapsedMs(), 0);
  const timeUp = () => new ActionTimedOut(formatDuration(timeoutMs));
  using deadline = deadlineIn(leftMs, { clock, unless: superseded, timeUp });
  using utmost = deadlineIn(leftMs, { clock, unless: deleted, timeUp });
  await begin(action, { ...attempt, signal: deadline.signal, utmost: utmost.signal });
}

/** An action has exactly one verb, and the run was refused where it has one that we lack. */
function begin(action: Action, attempt: RenderingAttempt & { readonly verbs: Verbs }): Promise<void> {
  for (const [name, verb] of Object.entries(attempt.verbs) as [VerbName, Verb<unknown, RenderingAttempt>][]) {
    const fields = action[name];
    if (fields !== undefined) return verb(fields, attempt);
  }
  throw new Error(`action "${action.name}" has no verb that is known here`);
}
