import { type Reason, reasons } from '../shared/api/reasons.ts';
import type { Condition, StageSet, StageStatus } from '../shared/api/types.ts';
import type { Tone } from './output/terminal.ts';

/** What a StageSet's status comes to, in the words of every table and message. */
export interface Summary {
  /** `Unknown` while no run has ended. */
  readonly ready: Condition['status'];
  readonly reason: string | undefined;
  readonly message: string | undefined;
  /** `ready/total`. */
  readonly stages: string;
  /** `held until <time>`, while an update window holds something back. */
  readonly pending: string | undefined;
}

export function summaryOf({ spec, status }: StageSet): Summary {
  const ready = conditionOf(status, 'Ready');
  const known = new Map(status?.stages?.map((stage) => [stage.name, stage]));
  const readyStages = spec.stages.filter(({ name }) => isReady(known.get(name)));
  return {
    ready: ready?.status ?? 'Unknown',
    reason: ready?.reason,
    message: ready?.message,
    stages: `${readyStages.length}/${spec.stages.length}`,
    pending: status?.pendingUpdate && heldUntil(status.pendingUpdate.nextWindowOpens),
  };
}

export function conditionOf(
  status: StageSet['status'],
  type: 'Ready' | 'Reconciling' | 'Stalled',
): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Neither well nor ill: others are to do something first, or a time is to come. */
export function isWaiting(reason: string): boolean {
  return Object.hasOwn(reasons, reason) && reasons[reason as Reason].kind === 'waiting';
}

/** What a stage left behind is pruned when it is up: gate and gauge call it ready too. */
function isReady(stage: StageStatus | undefined): boolean {
  return stage?.phase === 'Ready' || stage?.phase === 'Pruning';
}

/** Those of the spec in its order, and behind them what has left it and is still there. */
export function stagesOf({ spec, status }: StageSet): readonly StageStatus[] {
  const known = new Map(status?.stages?.map((stage) => [stage.name, stage]));
  const wanted = new Set(spec.stages.map(({ name }) => name));
  const left = (status?.stages ?? []).filter(({ name }) => !wanted.has(name));
  return [...[...wanted].map((name) => known.get(name) ?? { name }), ...left];
}

function heldUntil(time: string | undefined): string {
  return time === undefined ? 'held' : `held until ${time}`;
}

export function toneOfReady(ready: Condition['status']): Tone {
  return ({ True: 'good', False: 'bad', Unknown: 'doubtful' } as const)[ready];
}

export function toneOfPhase({ phase }: Pick<StageStatus, 'phase'>): Tone | undefined {
  if (phase === 'Ready') return 'good';
  if (phase === 'Failed') return 'bad';
  return phase === undefined || phase === 'Pending' ? 'faint' : 'doubtful';
}
