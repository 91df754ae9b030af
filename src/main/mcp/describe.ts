import { isReason, runbookUrl } from '../../shared/api/reasons.ts';
import type { RunOutcome, Stage, StageSet, StageStatus } from '../../shared/api/types.ts';
import type { Detail, Summary } from './schemas.ts';

/** In a list a message is a hint; `get_stageset` has all of it. */
const HINT_MAX = 300;

/** One line of a list. What it says is in status, and nothing goes into that which must not be told. */
export function summaryOf(set: StageSet, runbookBaseUrl: string): Summary {
  const { message, ...state } = stateOf(set, runbookBaseUrl);
  const stages = stagesOf(set);
  return {
    ...state,
    message: message.length <= HINT_MAX ? message : `${message.slice(0, HINT_MAX)}…`,
    stages: stages.length,
    stagesReady: stages.filter(({ phase }) => phase === 'Ready').length,
    updateHeld: set.status?.pendingUpdate !== undefined,
  };
}

export function detailOf(set: StageSet, runbookBaseUrl: string): Detail {
  const { spec, status = {}, metadata } = set;
  const { pendingUpdate, lastHandledReconcileAt } = status;
  const since = readyOf(set)?.lastTransitionTime;
  return {
    ...stateOf(set, runbookBaseUrl),
    ...(since !== undefined && { since }),
    pendingMigrations: [...(status.pendingMigrations ?? [])],
    executedMigrations: [...(status.executedMigrations ?? [])],
    lastAttemptedRevisions: { ...status.lastAttemptedRevisions },
    lastAppliedRevisions: { ...status.lastAppliedRevisions },
    ...(pendingUpdate !== undefined && { pendingUpdate: { revisions: {}, ...pendingUpdate } }),
    ...(lastHandledReconcileAt !== undefined && { lastHandledReconcileAt }),
    dependsOn: (spec.dependsOn ?? []).map(({ namespace, name }) => `${namespace ?? metadata.namespace}/${name}`),
    stages: stagesOf(set),
    history: (status.history ?? []).map(outcomeOf),
  };
}

export function readyOf({ status }: StageSet) {
  return status?.conditions?.find(({ type }) => type === 'Ready');
}

function stateOf(set: StageSet, runbookBaseUrl: string) {
  const { spec, status = {}, metadata } = set;
  const { status: ready = 'Unknown', reason = '', message = '' } = readyOf(set) ?? {};
  const runbook = isReason(reason) ? runbookUrl(reason, runbookBaseUrl) : undefined;
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    ready,
    reason,
    message,
    ...(runbook !== undefined && { runbook }),
    upToDate: status.observedGeneration === metadata.generation,
    suspended: spec.suspend === true,
    beingDeleted: metadata.deletionTimestamp !== undefined,
    ...(status.version !== undefined && { version: status.version }),
  };
}

/** In the order of the spec: status may not know the newest yet. */
function stagesOf({ spec, status }: StageSet): Detail['stages'] {
  const known = new Map((status?.stages ?? []).map((stage) => [stage.name, stage]));
  return spec.stages.map((stage) => stageOf(stage, known.get(stage.name)));
}

function stageOf({ name }: Stage, { phase = 'Pending', executedActions = [], ...rest }: Partial<StageStatus> = {}) {
  const { appliedRevision, entriesCount, message } = rest;
  return {
    name,
    phase,
    ...(appliedRevision !== undefined && { appliedRevision }),
    ...(entriesCount !== undefined && { entriesCount }),
    ...(message !== undefined && { message }),
    executedActions: [...executedActions],
  };
}

function outcomeOf({
  reason,
  message,
  rolledBack = false,
  startedAt,
  duration,
}: RunOutcome): Detail['history'][number] {
  return { reason, ...(message !== undefined && { message }), rolledBack, startedAt, duration };
}
