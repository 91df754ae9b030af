import type { ObjectId } from '../../shared/objects/object-id.ts';
import { isForbidden } from '../kube/errors.ts';
import { outcomeOf, RunEnded, StageError } from '../outcome/outcome.ts';
import { named } from './named.ts';
import type { Run } from './world.ts';

/** Why a StageSet goes although something of it is left: as the metric says it. */
export type WhyForced = 'Timeout' | 'Forbidden' | 'Unreachable';

const because: Readonly<Record<WhyForced, string>> = {
  Timeout: 'teardown took longer than --max-teardown-wait',
  Forbidden: 'the namespace is being deleted, and with it the right to delete what is elsewhere',
  Unreachable: 'the namespace is being deleted, and with it the way to the target cluster',
};

/** Says what is left behind. Waiting longer would wedge the namespace. */
export function letGo(run: Run, why: WhyForced, orphans: readonly ObjectId[]): void {
  const note = `${because[why]}; left behind: ${named(orphans) || 'nothing that is known of'}`;
  run.world.events.record(run.set, { type: 'Warning', reason: 'TeardownForced', note });
  run.world.metrics.teardownForced(run.set, why);
}

/** Whether a failed attempt was the last; undefined: there will be another. */
export function whyLetGo(run: Run, error: unknown, homeEnds: boolean): WhyForced | undefined {
  const outcome = outcomeOf(error);
  if (outcome?.reason !== 'StageFailed') return undefined;
  if (teardownLeftMs(run) <= 0) return 'Timeout';
  if (!homeEnds || !(error instanceof StageError) || outcome.retry === 'backoff') return undefined;
  if (error.operation === 'connect to target cluster') return 'Unreachable';
  return isForbidden(error.cause) ? 'Forbidden' : undefined;
}

/** Tried again soon, whatever it was, and once more when the time is over. */
export function failedTeardown(run: Run, error: unknown): unknown {
  const outcome = outcomeOf(error);
  if (outcome?.reason !== 'StageFailed') return error;
  return new RunEnded({ ...outcome, withinMs: teardownLeftMs(run) });
}

/** Of `--max-teardown-wait`, which began when the StageSet was deleted. */
export function teardownLeftMs({ world, set }: Run): number {
  const beganMs = Date.parse(set.metadata.deletionTimestamp ?? '');
  return beganMs + world.settings.maxTeardownWaitMs - world.clock.wallMs();
}
