import type { JobAction } from '../../../shared/api/types.ts';
import { keys } from '../../../shared/labels.ts';
import { describeObjectId, parseObjectId } from '../../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../../shared/protocol/tasks.ts';
import { makeWay } from '../../apply/make-way.ts';
import { mapped } from '../../apply/mapped.ts';
import { WIDTH } from '../../apply/send-apply.ts';
import { Superseded } from '../../outcome/outcome.ts';
import { awaitReady } from '../await-ready.ts';
import { putUp } from '../put-up.ts';
import { ActionFailed, ActionTimedOut, type Rendered, type RenderingAttempt } from '../verb.ts';
import { letEarlierFinish } from './earlier-jobs.ts';
import { findJob, type JobThere, removeJob } from './jobs-there.ts';
import { jobReadiness } from './readiness.ts';
import { type Standing, standingOf } from './standing.ts';

/**
 * Runs the Jobs of a source, with what they need, and waits until they have finished.
 *
 * A Job takes effect once for a key, however often this begins anew: its name tells the key, so one that has succeeded
 * is not run again and one that has started is waited for, whatever its source has become. One that has not, or has
 * failed, gives way to what the source holds now.
 */
export async function job(source: JobAction, attempt: RenderingAttempt): Promise<void> {
  const { key, owner, action } = attempt;
  using rendered = await attempt.render(source, { key, owner, action: action.name });
  const jobs = rendered.plan.objects.filter(isJob);
  if (jobs.length === 0) throw new ActionFailed('its source renders no Job');

  await letEarlierFinish(attempt, jobs);
  const standing = await standingOfAll(attempt, jobs);
  const missing = jobs.filter((each) => !['succeeded', 'started'].includes(standing.get(each)?.is ?? 'absent'));
  try {
    if (missing.length > 0) await start(attempt, rendered, missing, standing);
    await awaitReady(attempt, jobs, { judge: jobReadiness, labelSelector: keys.actionOwner });
  } catch (error) {
    if (error instanceof Superseded) await finishStarted(attempt, jobs, error);
    else await stopLate(attempt, jobs, error);
  }
  attempt.onceRecorded(() => removeAll(attempt, jobs, () => true));
}

function isJob({ id }: PlannedObject): boolean {
  const { group, kind } = parseObjectId(id) ?? {};
  return group === 'batch' && kind === 'Job';
}

interface Found extends JobThere {
  readonly is: Standing;
}

/** Without those that are not there. */
async function standingOfAll(
  { target, key }: RenderingAttempt,
  jobs: readonly PlannedObject[],
): Promise<ReadonlyMap<PlannedObject, Found>> {
  const found = await mapped(jobs, WIDTH, async (planned) => {
    const there = await findJob(target, planned);
    if (there === undefined) return [];
    if (there.job.metadata.annotations?.[keys.actionKey] !== key) {
      throw new ActionFailed(`${describeObjectId(planned.id)} is there and is none of this action's`);
    }
    return [[planned, { ...there, is: await standingOf(target, there.job) }] as const];
  });
  return new Map(found.flat());
}

/** Of those that wait for a node or an image, the server tells by its apply whether their template is still this one. */
async function start(
  attempt: RenderingAttempt,
  rendered: Rendered,
  missing: readonly PlannedObject[],
  standing: ReadonlyMap<PlannedObject, Found>,
): Promise<void> {
  const { target, clock, signal, park } = attempt;
  const spent = missing
    .flatMap((each) => standing.get(each) ?? [])
    .filter(({ is }) => is === 'failed' || is === 'going');
  const pause = (ms: number) => clock.sleep(ms, signal);
  if (spent.length > 0) {
    await park('deletion', () => mapped(spent, WIDTH, ({ place }) => makeWay(target, place, pause)));
  }
  const needed = rendered.plan.objects.filter((object) => !isJob(object) || missing.includes(object));
  await putUp(attempt, rendered, needed, (object) => ({ action: isJob(object) ? 'Recreate' : 'Fail', guarded: false }));
}

/**
 * Something newer has come. What has not started goes; what has may be half done and is let finish, in its own time. All
 * done after all: that counts. Else it rejects with why, or with what has failed.
 */
async function finishStarted(
  attempt: RenderingAttempt,
  jobs: readonly PlannedObject[],
  superseded: Superseded,
): Promise<void> {
  const { utmost, log, action } = attempt;
  const standing = await standingOfAll(attempt, jobs);
  const started = utmost.aborted ? [] : jobs.filter((each) => standing.get(each)?.is === 'started');
  await removeAll(attempt, jobs, (planned, is) => is === 'waiting' || (is === 'started' && !started.includes(planned)));
  if (started.length > 0) {
    log.info('superseded, but a Job has started: it is let finish', { action: action.name });
    try {
      await awaitReady(attempt, started, { judge: jobReadiness, labelSelector: keys.actionOwner, signal: utmost });
    } catch (error) {
      await stopLate(attempt, jobs, error);
    }
  }
  const isDone = (each: PlannedObject) => started.includes(each) || standing.get(each)?.is === 'succeeded';
  if (!jobs.every(isDone)) throw superseded;
}

/** A Job whose time is up, or whose StageSet is being deleted, does not go on behind everybody's back. */
async function stopLate(attempt: RenderingAttempt, jobs: readonly PlannedObject[], error: unknown): Promise<never> {
  const isLate = error instanceof ActionFailed && error.cause instanceof ActionTimedOut;
  if (isLate || error instanceof ActionTimedOut || error instanceof Superseded) {
    await removeAll(attempt, jobs, (_, is) => is === 'waiting' || is === 'started');
  }
  throw error;
}

async function removeAll(
  attempt: RenderingAttempt,
  jobs: readonly PlannedObject[],
  isToGo: (planned: PlannedObject, is: Standing) => boolean,
): Promise<void> {
  for (const [planned, found] of await standingOfAll(attempt, jobs)) {
    if (isToGo(planned, found.is)) await removeJob(attempt.target, found);
  }
}
