import { keys, labelValue } from '../../../shared/labels.ts';
import { formatObjectId, parseObjectId } from '../../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../../shared/protocol/tasks.ts';
import type { Versioned } from '../../apply/cluster.ts';
import { awaitReady } from '../await-ready.ts';
import { ActionFailed, ActionTimedOut, type RenderingAttempt } from '../verb.ts';
import { type JobThere, jobsOf, removeJob } from './jobs-there.ts';
import { jobReadiness } from './readiness.ts';
import { standingOf } from './standing.ts';

/**
 * What this action has left of earlier rollouts goes: Jobs that failed, or of which a controller that was killed could
 * not take leave. One that is still at work is let finish first: two of its kind must not meet.
 */
export async function letEarlierFinish(attempt: RenderingAttempt, jobs: readonly PlannedObject[]): Promise<void> {
  const { owner, target, key, action } = attempt;
  const namespaces = [...new Set(jobs.map(({ id }) => parseObjectId(id)?.namespace ?? ''))];
  const all = await jobsOf(owner, target, { namespaces, action: labelValue(action.name) });
  for (const earlier of all.filter(({ job }) => job.metadata.annotations?.[keys.actionKey] !== key)) {
    if ((await standingOf(target, earlier.job)) === 'started') await untilEnded(attempt, earlier);
    await removeJob(target, earlier);
  }
}

/** However it ends. */
async function untilEnded(attempt: RenderingAttempt, { job }: JobThere): Promise<void> {
  const { name, namespace = '' } = job.metadata;
  const earlier: Versioned = {
    id: formatObjectId({ namespace, name, group: 'batch', kind: 'Job' }),
    apiVersion: 'batch/v1',
  };
  try {
    await awaitReady(attempt, [earlier], { judge: jobReadiness });
  } catch (error) {
    const hasFailed = error instanceof ActionFailed && !(error.cause instanceof ActionTimedOut);
    if (!hasFailed) throw error;
  }
}
