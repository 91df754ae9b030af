import { inProgress } from '../../shared/kstatus/readiness.ts';
import { readinessOf } from '../../shared/kstatus/readiness-of.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { askingOf } from '../apply/asking.ts';
import type { Target, Versioned } from '../apply/cluster.ts';
import { awaitSettled, judgeReadiness, NotReady, type Verdict, waitingText, withReasons } from '../apply/verify.ts';
import { whyStuck } from '../apply/why-stuck.ts';
import { FollowedObjects, type Judgement } from './followed-objects.ts';
import { ActionFailed, ActionTimedOut, type RenderingAttempt } from './verb.ts';

interface Awaiting {
  readonly judge?: Judgement;
  readonly signal?: AbortSignal;
  /** That these bear and others like them, so that one watch does for all. */
  readonly labelSelector?: string;
}

/**
 * Waits, without a slot, until all of these are ready. Throws ActionFailed that names those that have failed or, when
 * time is up, those that are not ready; else rejects with the signal's reason.
 */
export async function awaitReady(
  attempt: RenderingAttempt,
  objects: readonly Versioned[],
  { judge = byKstatus(attempt), signal = attempt.signal, labelSelector }: Awaiting = {},
): Promise<void> {
  const { target, clock, park } = attempt;
  const ids = objects.map(({ id }) => id);
  using followed = new FollowedObjects(objects, askingOf(target, clock), { judge, labelSelector });
  await park('readiness', async () => {
    const { verdict, timedOut } = await settled(ids, followed, clock, signal);
    if (verdict.is !== 'ready') throw await notReady(verdict, timedOut, target);
  });
}

function byKstatus({ clock }: RenderingAttempt): Judgement {
  return (object) => (object === undefined ? inProgress('not there') : readinessOf(object, clock.wallMs()));
}

/** How it stands when nothing more is to be waited for. */
async function settled(
  ids: readonly ObjectId[],
  followed: FollowedObjects,
  clock: Clock,
  signal: AbortSignal,
): Promise<{ readonly verdict: Verdict; readonly timedOut?: ActionTimedOut }> {
  try {
    return { verdict: await awaitSettled(ids, followed, clock, signal) };
  } catch (error) {
    if (!(error instanceof ActionTimedOut)) throw error;
    return { verdict: judgeReadiness(ids, followed, clock.wallMs()), timedOut: error };
  }
}

async function notReady(
  verdict: Exclude<Verdict, { readonly is: 'ready' }>,
  timedOut: ActionTimedOut | undefined,
  target: Target,
): Promise<ActionFailed> {
  const lagging = verdict.is === 'failed' ? verdict.because : verdict.waitingFor;
  const reasons = await whyStuck(
    target,
    lagging.map(({ id }) => id),
  );
  const text =
    verdict.is === 'failed'
      ? new NotReady(verdict, { afterMs: 0, reasons }).message
      : [timedOut?.message, waitingText(withReasons(lagging, reasons))].join(', ');
  return new ActionFailed(text, { cause: timedOut });
}
