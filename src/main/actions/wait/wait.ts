import type { ObjectTarget, WaitAction } from '../../../shared/api/types.ts';
import { groupOf, versionOf } from '../../../shared/objects/object.ts';
import { parseDurationMs } from '../../../shared/time/duration.ts';
import { askingOf } from '../../apply/asking.ts';
import { awaitSettled, judgeReadiness, waitingText } from '../../apply/verify.ts';
import type { AwaitedGroup } from '../../live/awaited-group.ts';
import { AwaitedObjects, idsOf, type Judge } from '../../live/awaited-objects.ts';
import { ActionFailed, ActionTimedOut, type Attempt, type Verb } from '../verb.ts';

/** For some time, or until an expression holds for an object, which need not be there yet. */
export function waitVerb(judge: Judge): Verb<WaitAction> {
  return async ({ duration, target, expr }, attempt) => {
    if (duration !== undefined) await forDuration(parseDurationMs(duration) ?? 0, attempt);
    else if (target !== undefined && expr !== undefined) await untilHolds(target, expr, judge, attempt);
  };
}

/** A longer timer would ring at once. */
const LONGEST_SLEEP_MS = 2 ** 31 - 1;

async function forDuration(ms: number, { clock, beganMs, signal, park }: Attempt): Promise<void> {
  const leftMs = () => beganMs + ms - clock.elapsedMs();
  if (leftMs() <= 0) return;
  await park('wait', async () => {
    while (leftMs() > 0) await clock.sleep(Math.min(leftMs(), LONGEST_SLEEP_MS), signal);
  });
}

async function untilHolds(target: ObjectTarget, expr: string, judge: Judge, attempt: Attempt): Promise<void> {
  const { clock, signal, park } = attempt;
  const group = await groupOfTarget(target, expr, attempt);
  const awaited = new AwaitedObjects([group], askingOf(attempt.target, clock), judge);
  const watched = {
    readinessOf: awaited.readinessOf.bind(awaited),
    subscribe: (_ids: unknown, listener: Parameters<AwaitedObjects['subscribe']>[0]) => awaited.subscribe(listener),
  };
  const ids = idsOf(group);
  try {
    await park('wait', () => awaitSettled(ids, watched, clock, signal));
  } catch (error) {
    if (!(error instanceof ActionTimedOut)) throw error;
    const verdict = judgeReadiness(ids, watched, clock.wallMs());
    if (verdict.is === 'ready') return;
    const about = verdict.is === 'progressing' ? waitingText(verdict.waitingFor) : 'failed';
    throw new ActionFailed(`${error.message}: ${about}`, { cause: error });
  } finally {
    awaited.stop();
  }
}

/** Whether its kind has namespaces is looked up; of one that is not installed nobody knows, and it has time to come. */
async function groupOfTarget(
  { apiVersion, kind, name, namespace }: ObjectTarget,
  expr: string,
  { target, namespace: ownNamespace }: Attempt,
): Promise<AwaitedGroup> {
  const asked = { group: groupOf(apiVersion), version: versionOf(apiVersion), kind };
  const resource = await target.cluster.discovery.lookUp(asked);
  const within = resource?.namespaced === false ? '' : (namespace ?? ownNamespace);
  return { apiVersion, kind, namespace: within, names: [name], exprs: { current: expr } };
}
