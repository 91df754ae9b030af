import { stageTimeoutMs } from '../../shared/api/defaults.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import { parseDurationMs } from '../../shared/time/duration.ts';
import type { Target } from '../apply/cluster.ts';
import { awaitSettled, judgeReadiness, NotReady, type Verdict, waitingText } from '../apply/verify.ts';
import type { StageToRoll } from './plans.ts';
import { showPhase } from './progress.ts';
import type { Run } from './world.ts';

/** Each change of words is a write. */
const TELL_AGAIN_MS = 5_000;

export function verifyStage(run: Run, target: Target, rolled: StageToRoll): Promise<void> {
  const untouched = run.memory.untouched.get(rolled.stage.name);
  const ids = rolled.plan.objects
    .filter(({ id, ssa }) => ssa !== 'Ignore' && untouched?.has(id) !== true)
    .map(({ id }) => id);
  return verifyObjects(run, target, rolled, ids);
}

/** Waits, without a slot, until all of these are ready. Throws NotReady when one has failed or the stage's time is up. */
export async function verifyObjects(
  run: Run,
  target: Target,
  rolled: StageToRoll,
  ids: readonly ObjectId[],
): Promise<void> {
  const { live } = target.cluster;
  const verdict = judgeReadiness(ids, live);
  if (verdict.is === 'ready') return;
  if (verdict.is === 'failed') throw new NotReady(verdict);
  using _told = keepTelling(run, rolled.stage.name, () => judgeReadiness(ids, live));

  const timeoutMs = verifyTimeoutMs(run, rolled);
  const leftMs = timeoutMs - elapsedOf(run, rolled);
  const settled = await run.turn.whileParked('readiness', () => settledWithin(run, target, ids, leftMs));
  if (settled.is === 'ready') return;
  // It has stood in line for a slot since: the last word is what is so now, and whatever comes later wakes a new run.
  const now = judgeReadiness(ids, live);
  if (now.is !== 'ready') throw new NotReady(now, timeoutMs);
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

/** The verdict when the last is ready or the first has failed; when time is up, what it is then. */
async function settledWithin(run: Run, target: Target, ids: readonly ObjectId[], ms: number): Promise<Verdict> {
  const { live } = target.cluster;
  const timeUp = new Error('time is up');
  using deadline = deadlineIn(Math.max(ms, 0), {
    clock: run.world.clock,
    unless: run.superseded,
    timeUp: () => timeUp,
  });
  try {
    return await awaitSettled(ids, live, deadline.signal);
  } catch (error) {
    if (error !== timeUp) throw error;
    return judgeReadiness(ids, live);
  }
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
