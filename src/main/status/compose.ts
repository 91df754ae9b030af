import { isDeepStrictEqual } from 'node:util';
import { reasons } from '../../shared/api/reasons.ts';
import type { RunOutcome, StagePhase, StageSetStatus, StageStatus } from '../../shared/api/types.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { timestamp, withCondition, withoutCondition } from './conditions.ts';

/** What a run is about, as far as status tells. */
export interface RunFacts {
  readonly generation: number;
  readonly stages: readonly string[];
  readonly startedMs: number;
  readonly requestedAt: string | undefined;
  /** Undefined where it ended before that was known. */
  readonly rolloutId?: string | undefined;
}

/** A rollout starts: its stages in the spec's order, those that left the spec after them until they are pruned. */
export function begun(
  status: StageSetStatus,
  facts: RunFacts,
  revisions: Readonly<Record<string, string>>,
  nowMs: number,
): StageSetStatus {
  const known = new Map((status.stages ?? []).map((stage) => [stage.name, stage]));
  const gone = (status.stages ?? []).filter((stage) => !facts.stages.includes(stage.name));
  const stages = facts.stages.map((name) => withoutMessage({ ...known.get(name), name, phase: 'Pending' as const }));
  return working(
    { ...status, lastAttemptedRevisions: revisions, stages: [...stages, ...gone] },
    facts,
    'starting',
    nowMs,
  );
}

/** `Reconciling` says what the run does; Ready keeps its last value and the generation that value was for. */
export function working(status: StageSetStatus, facts: RunFacts, step: string, nowMs: number): StageSetStatus {
  const conditions = withCondition(
    withoutCondition(status.conditions ?? [], 'Stalled'),
    { type: 'Reconciling', status: 'True', reason: 'Progressing', message: step, observedGeneration: facts.generation },
    nowMs,
  );
  return { ...status, conditions: [...conditions] };
}

/** Patches one stage's entry field by field, so that what it does not name survives. */
export function withStage(status: StageSetStatus, name: string, change: Partial<StageStatus>): StageSetStatus {
  const stages = status.stages ?? [];
  const before = stages.find((stage) => stage.name === name);
  if (before === undefined) return { ...status, stages: [...stages, { name, ...change }] };
  return { ...status, stages: stages.map((stage) => (stage === before ? { ...stage, ...change } : stage)) };
}

export function phaseOf(status: StageSetStatus, name: string): StagePhase | undefined {
  return status.stages?.find((stage) => stage.name === name)?.phase;
}

const HISTORY = 5;

/** The run's last status: the only one that moves `observedGeneration` and `lastHandledReconcileAt`. */
export function ended(
  status: StageSetStatus,
  facts: RunFacts,
  outcome: Outcome,
  revisions: Readonly<Record<string, string>> | undefined,
  message: string,
  nowMs: number,
): StageSetStatus {
  const { ready, kind } = reasons[outcome.reason];
  const reason = outcome.reason;
  const observedGeneration = facts.generation;
  let conditions = withoutCondition(withoutCondition(status.conditions ?? [], 'Reconciling'), 'Stalled');
  conditions = withCondition(conditions, { type: 'Ready', status: ready, reason, message, observedGeneration }, nowMs);
  if (kind === 'terminal') {
    conditions = withCondition(
      conditions,
      { type: 'Stalled', status: 'True', reason, message, observedGeneration },
      nowMs,
    );
  }
  const next: StageSetStatus = { ...status, observedGeneration, conditions: [...conditions] };
  return {
    ...next,
    ...(handlesRequest(outcome) && facts.requestedAt !== undefined
      ? { lastHandledReconcileAt: facts.requestedAt }
      : {}),
    ...(revisions === undefined ? {} : { lastAttemptedRevisions: revisions }),
    ...(outcome.reason === 'Succeeded' && revisions !== undefined ? { lastAppliedRevisions: revisions } : {}),
    history: historyWith(status, entryOf({ facts, outcome, message, revisions, nowMs, last: status.history?.[0] })),
    ...(status.stages === undefined ? {} : { stages: stagesAfter(status.stages, facts, outcome) }),
  };
}

/** A suspended StageSet has not done what was asked for. */
function handlesRequest(outcome: Outcome): boolean {
  return outcome.reason !== 'Suspended';
}

function stagesAfter(stages: readonly StageStatus[], facts: RunFacts, outcome: Outcome): StageStatus[] {
  if (outcome.reason === 'Succeeded') return stages.filter((stage) => facts.stages.includes(stage.name));
  if (outcome.reason !== 'StageFailed' && outcome.reason !== 'PreviousRevisionUnavailable') return [...stages];
  return stages.map((stage) =>
    stage.name === outcome.stage ? { ...stage, phase: 'Failed' as const, message: outcome.message } : stage,
  );
}

interface Ending {
  readonly facts: RunFacts;
  readonly outcome: Outcome;
  readonly message: string;
  readonly revisions: Readonly<Record<string, string>> | undefined;
  readonly nowMs: number;
  readonly last: RunOutcome | undefined;
}

function entryOf({ facts, outcome, message, revisions, nowMs, last }: Ending): RunOutcome {
  // A run that did not come to that leaves the rollout where it was.
  const rollout = facts.rolloutId ?? (last?.reason === 'Succeeded' ? undefined : last?.rollout);
  return {
    ...(rollout === undefined ? {} : { rollout }),
    reason: outcome.reason,
    message,
    generation: facts.generation,
    ...(revisions === undefined ? {} : { revisions }),
    startedAt: timestamp(facts.startedMs),
    duration: formatDuration(Math.max(0, nowMs - facts.startedMs)),
    ...('rolledBack' in outcome ? { rolledBack: true } : {}),
  };
}

/** A run that ends as the last one did adds nothing: history tells what changed. After a rollback it tells since when. */
function historyWith({ history = [] }: StageSetStatus, entry: RunOutcome): RunOutcome[] {
  const [last] = history;
  if (last !== undefined && isDeepStrictEqual(withoutTimes(last), withoutTimes(entry))) {
    return entry.rolledBack ? [entry, ...history.slice(1)] : [...history];
  }
  return [entry, ...history].slice(0, HISTORY);
}

function withoutTimes({ startedAt: _start, duration: _took, ...rest }: RunOutcome): object {
  return rest;
}

function withoutMessage(stage: StageStatus): StageStatus {
  const { message: _old, ...rest } = stage;
  return rest;
}
