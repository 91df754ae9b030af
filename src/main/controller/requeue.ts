import { retryIntervalMs, steadyIntervalMs } from '../../shared/api/defaults.ts';
import type { StageSetSpec } from '../../shared/api/types.ts';
import type { Outcome } from '../outcome/outcome.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { Lane } from '../queue/lane.ts';

/** When a StageSet runs next though nothing has changed; undefined: only when something does. */
export interface Requeue {
  readonly afterMs: number;
  readonly lane: Lane;
  readonly because: string;
}

export interface RequeueFacts {
  readonly spec: StageSetSpec;
  /** Failed runs in a row, this one included. */
  readonly failures: number;
  /** Until it is gone nothing but time helps, whatever stands in its way. */
  readonly isBeingDeleted: boolean;
  /** Of the update windows that hold something back, where they ever do. */
  readonly opensInMs: number | undefined;
  readonly defaultIntervalMs: number;
  /** From 0 to 1: spreads what would else come all at once. */
  readonly chance: number;
}

const JITTER = 0.05;
/** However short a tenant wants it: what one StageSet costs all others is bounded. */
const SHORTEST_MS = 200;

/** What is held back goes out as soon as the windows open, however the run ended that found them closed. */
export function requeue(outcome: Outcome, facts: RequeueFacts): Requeue | undefined {
  const next = withoutHold(outcome, facts);
  const { opensInMs } = facts;
  if (opensInMs === undefined || (next !== undefined && next.afterMs <= Math.min(opensInMs, LONGEST_HOLD_MS)))
    return next;
  // The calendar may be set anew meanwhile, and the time that a timer goes by does not tell.
  return opensInMs <= LONGEST_HOLD_MS
    ? { afterMs: Math.max(opensInMs, 0), lane: 'woken', because: 'update windows open' }
    : { afterMs: LONGEST_HOLD_MS, lane: 'resync', because: 'update windows are closed' };
}

const LONGEST_HOLD_MS = 60 * 60_000;

function withoutHold(outcome: Outcome, facts: RequeueFacts): Requeue | undefined {
  const { spec, defaultIntervalMs, failures } = facts;
  const retryMs = Math.max(retryIntervalMs(spec, defaultIntervalMs), SHORTEST_MS);
  const intervalMs = Math.max(steadyIntervalMs(spec, defaultIntervalMs), SHORTEST_MS);
  const retryLater: Requeue = { afterMs: retryMs, lane: 'retry', because: 'retry interval' };
  const retrySoon: Requeue = { afterMs: backoffMs(failures, retryMs), lane: 'retry', because: 'back-off' };
  switch (outcome.reason) {
    case 'Succeeded': {
      const afterMs = intervalMs * (1 - JITTER + 2 * JITTER * facts.chance);
      return { afterMs, lane: 'resync', because: 'interval' };
    }
    case 'Suspended':
    case 'InvalidSpec':
    case 'InvalidVersion':
    case 'DowngradeRequiresMigration':
    case 'Stalled':
      return undefined;
    case 'UpdateDeferred':
      return { afterMs: intervalMs, lane: 'resync', because: 'interval' };
    case 'DependencyNotReady':
    case 'SourceNotReady':
    case 'ArtifactNotFound':
    case 'PreviousRevisionUnavailable':
      return retryLater;
    case 'ResolveFailed':
      return { spec: undefined, api: retrySoon, outside: retryLater }[outcome.cause];
    case 'StageFailed':
      return noLater(outcome.retry === 'backoff' || facts.isBeingDeleted ? retrySoon : retryLater, outcome.withinMs);
    default:
      return outcome satisfies never;
  }
}

function noLater(wish: Requeue, withinMs = wish.afterMs): Requeue {
  return { ...wish, afterMs: Math.min(wish.afterMs, withinMs) };
}
