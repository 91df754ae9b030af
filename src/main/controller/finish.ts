import { isDeepStrictEqual } from 'node:util';
import { isFailure, reasons, runbookSuffix } from '../../shared/api/reasons.ts';
import type { StageSet, StageSetStatus } from '../../shared/api/types.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { revisionsOf } from '../source/pin.ts';
import { ended } from '../status/compose.ts';
import { withWindows } from '../status/held.ts';
import { tellHold } from './admit.ts';
import { factsOf } from './progress.ts';
import { arrived, tellBaseline } from './transition.ts';
import type { Run } from './world.ts';

/** The one place where an outcome is written, announced and counted. */
export async function finish(run: Run, outcome: Outcome): Promise<void> {
  const { world, set } = run;
  const message = outcome.message + runbookSuffix(outcome.reason, world.settings.runbookBaseUrl);
  const revisions = run.pins === undefined ? undefined : revisionsOf(run.pins);
  const nowMs = world.clock.wallMs();
  const { inventoryMode } = world.settings;
  const succeeded = outcome.reason === 'Succeeded';
  const heard = (status: StageSetStatus) => (run.admission === undefined ? status : withWindows(status, run.admission));
  const reached = (status: StageSetStatus) => (succeeded ? arrived(run, status) : status);
  await run.status.settle((status) => ({
    ...heard(ended(reached(status), factsOf(run), outcome, revisions, message, nowMs)),
    ...(succeeded ? { inventoryMode } : {}),
    ...(run.snapshot === undefined ? {} : { lastAppliedSnapshot: [...run.snapshot] }),
  }));
  if (succeeded) tellBaseline(run);
  world.metrics.reconciled(set, outcome.reason, Math.max(0, nowMs - run.startedMs));
  const stages = run.status.status.stages ?? [];
  world.metrics.stagesReady(set, stages);
  const isThere = new Set(stages.map(({ name }) => name));
  for (const { name } of set.status?.stages ?? []) if (!isThere.has(name)) world.metrics.forgetStage(set, name);
  tellHold(run);
  const news = isNews(set, outcome, message, revisions);
  log(run, outcome, { isNews: news || wasOtherwise(set, outcome), tookMs: nowMs - run.startedMs });
  if (news) {
    const type = reasons[outcome.reason].ready === 'True' || outcome.reason === 'Suspended' ? 'Normal' : 'Warning';
    // As it stands now: when Ready turned tells this event from an earlier one of the same words.
    world.events.record(
      { ...set, status: run.status.status },
      { type, reason: outcome.reason, note: message, revisions },
    );
  }
}

/** Each outcome once: thousands of steady runs an hour, and the tries of what goes on failing, are for debugging. */
function log(
  run: Run,
  { reason, message }: Outcome,
  { isNews, tookMs }: { readonly isNews: boolean; readonly tookMs: number },
): void {
  const level = isNews ? (isFailure(reason) ? 'warn' : 'info') : 'debug';
  run.log[level]('run ended', { reason, message, took: formatDuration(Math.max(0, tookMs)) });
}

function wasOtherwise({ status }: StageSet, { reason }: Outcome): boolean {
  return status?.conditions?.find(({ type }) => type === 'Ready')?.reason !== reason;
}

/** A transition or, for a success, a new revision or generation: not every steady run, nor the same failure again. */
function isNews(
  { status, metadata }: StageSet,
  outcome: Outcome,
  message: string,
  revisions: Readonly<Record<string, string>> | undefined,
): boolean {
  if (outcome.reason === 'UpdateDeferred') return false; // told once a revision
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.reason !== outcome.reason) return true;
  if (outcome.reason !== 'Succeeded') return ready.message !== message;
  if (status?.observedGeneration !== metadata.generation) return true;
  return revisions !== undefined && !isDeepStrictEqual({ ...revisions }, { ...status?.lastAppliedRevisions });
}
