import { stageTimeoutMs } from '../../shared/api/defaults.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { deadlineIn, orAborted } from '../../shared/time/deadline.ts';
import { parseDurationMs } from '../../shared/time/duration.ts';
import { askingOf } from '../apply/asking.ts';
import type { Target } from '../apply/cluster.ts';
import { awaitSettled, judgeReadiness, NotReady, type Verdict, type Watched, waitingText } from '../apply/verify.ts';
import { whatToAwait } from '../apply/what-to-await.ts';
import { whyStuck } from '../apply/why-stuck.ts';
import { AwaitedObjects } from '../live/awaited-objects.ts';
import { ownerLabelsOf } from '../live/live-object.ts';
import type { LiveView } from '../live/live-view.ts';
import { isItself } from './held-by-us.ts';
import type { StageToRoll } from './plans.ts';
import { showPhase } from './progress.ts';
import type { Run } from './world.ts';

/** Each change of words is a write. */
const TELL_AGAIN_MS = 5_000;

/** `lost`: something that was applied has been deleted since. It would never become ready. */
export type Verified = 'ready' | 'lost';

/** Waits until what the stage's ready checks ask for is ready. Throws NotReady. */
export async function verifyStage(run: Run, target: Target, rolled: StageToRoll): Promise<Verified> {
  const { cluster } = target;
  const { namespace = '', name } = run.set.metadata;
  const untouched = run.memory.untouched.get(rolled.stage.name);
  const applied = rolled.plan.objects.filter(
    ({ id, ssa }) => ssa !== 'Ignore' && untouched?.has(id) !== true && !isItself(run.set, id),
  );
  const { ids, apart } = await whatToAwait({
    stage: rolled.stage,
    applied,
    owner: ownerLabelsOf({ namespace, name }),
    namespace,
    discovery: cluster.discovery,
  });
  const isLost = lossesOf(run, cluster.live, new Set(applied.map(({ id }) => id)));
  if (apart.length === 0) return verifyObjects(run, target, rolled, { ids, watched: watchedIn(cluster.live), isLost });

  const awaited = new AwaitedObjects(apart, askingOf(target, run.world.clock), run.world.judge);
  run.memory.awaited = awaited;
  try {
    const verified = await verifyObjects(run, target, rolled, {
      ids,
      watched: watchedIn(cluster.live, awaited),
      known: awaited.known,
      isLost: (id) => !awaited.has(id) && isLost(id),
    });
    awaited.stop();
    return verified;
  } catch (error) {
    if (!(error instanceof NotReady)) awaited.stop(); // else it is to tell when that changes
    throw error;
  }
}

/**
 * Whether one of these has gone and is to come back. A Job is not: it may have gone by itself, with what it has done.
 * Nor is what somebody keeps deleting: the interval corrects that.
 */
function lossesOf({ memory }: Run, live: LiveView, applied: ReadonlySet<ObjectId>): (id: ObjectId) => boolean {
  return (id) =>
    applied.has(id) &&
    live.standing(id) === undefined &&
    parseObjectId(id)?.kind !== 'Job' &&
    !memory.corrections.isLost(id);
}

/** What is waited for, and who tells of it. */
export interface Awaiting {
  readonly ids: readonly ObjectId[];
  readonly watched: Watched;
  /** Resolves once there is something to tell. */
  readonly known?: Promise<void>;
  /** Whether it has gone and is to be applied again. */
  readonly isLost?: (id: ObjectId) => boolean;
}

export function watchedIn(live: LiveView, awaited?: AwaitedObjects): Watched {
  const isApart = (id: ObjectId) => awaited?.has(id) === true;
  return {
    readinessOf(id) {
      return isApart(id) ? awaited?.readinessOf(id) : live.standing(id)?.readiness;
    },
    subscribe(ids, listener) {
      const leaveLive = live.subscribe(
        ids.filter((id) => !isApart(id)),
        listener,
      );
      const leaveAwaited = awaited?.subscribe(listener);
      return () => {
        leaveLive();
        leaveAwaited?.();
      };
    },
  };
}

/** Waits, without a slot, until all of these are ready. Throws NotReady when one has failed or the stage's time is up. */
export async function verifyObjects(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  { ids, watched, known, isLost = () => false }: Awaiting,
): Promise<Verified> {
  const { clock } = run.world;
  const judge = () => judgeReadiness(ids, watched, clock.wallMs());
  if (known === undefined && judge().is === 'ready') return 'ready';

  const timeoutMs = verifyTimeoutMs(run, rolled);
  const leftMs = timeoutMs - elapsedOf(run, rolled);
  const timeUp = new Error('time is up');
  using deadline = deadlineIn(Math.max(leftMs, 0), { clock, unless: run.superseded, timeUp: () => timeUp });
  const inTime = async (wait: () => Promise<unknown>) => {
    try {
      await wait();
    } catch (error) {
      if (error !== timeUp) throw error;
    }
  };
  if (known !== undefined) {
    await run.turn.whileParked('watches', () => inTime(() => orAborted(known, deadline.signal)));
    if (judge().is === 'ready') return 'ready'; // a run that finds everything as it should be tells nothing
  }

  using _told = keepTelling(run, rolled.stage.name, judge);
  for (;;) {
    const reasons = await run.turn.whileParked('readiness', async () => {
      await inTime(() => awaitSettled(ids, watched, clock, deadline.signal, isLost));
      return whyStuck(target, stuckIn(judge()));
    });
    // It has asked and stood in line since: the last word is what is so now, and whatever comes later wakes a new run.
    run.superseded.throwIfAborted();
    const verdict = judge();
    if (verdict.is === 'ready') return 'ready';
    if (verdict.is === 'progressing' && !deadline.signal.aborted && ids.some(isLost)) return 'lost';
    if (verdict.is === 'failed' || deadline.signal.aborted) {
      throw new NotReady(verdict, { afterMs: timeoutMs, reasons });
    }
  }
}

function stuckIn(verdict: Verdict): readonly ObjectId[] {
  switch (verdict.is) {
    case 'ready':
      return [];
    case 'progressing':
      return verdict.waitingFor.map(({ id }) => id);
    case 'failed':
      return verdict.because.map(({ id }) => id);
    default:
      return verdict satisfies never;
  }
}

/** Says in status what is waited for, now and, while it lasts, when that has changed. */
function keepTelling(run: Run, stage: string, judge: () => Verdict): Disposable {
  let told = '';
  const tell = () => {
    const verdict = judge();
    const text = verdict.is === 'progressing' ? waitingText(verdict.waitingFor) : told;
    if (text === told) return;
    told = text;
    showPhase(run, stage, 'Verifying', text);
  };
  tell();
  const timer = setInterval(tell, TELL_AGAIN_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function verifyTimeoutMs(run: Run, { stage }: StageToRoll): number {
  const own = stage.readyChecks?.timeout;
  return (own === undefined ? undefined : parseDurationMs(own)) ?? stageTimeoutMs(run.set.spec, stage);
}

/** Since its first apply. */
export function elapsedOf(run: Run, rolled: StageToRoll): number {
  return run.world.clock.elapsedMs() - startClock(run, rolled);
}

/** A stage's time begins with its first apply, once for each plan: a run that is superseded by its like does not reset it. */
export function startClock(run: Run, { stage, plan }: StageToRoll): number {
  const started = run.memory.startedAtMs.get(stage.name);
  if (started?.planDigest === plan.digest) return started.elapsedMs;
  const elapsedMs = run.world.clock.elapsedMs();
  run.memory.startedAtMs.set(stage.name, { planDigest: plan.digest, elapsedMs });
  return elapsedMs;
}
