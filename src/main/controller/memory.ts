import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlanSummary } from '../apply/decide.ts';

/**
 * What is remembered of one StageSet between its runs, in this process only. Losing it costs time, never
 * correctness: what must survive is in the StageSet's status and its inventories.
 */
export interface Memory {
  /** Failed runs in a row, for the backoff. */
  failures: number;
  /** The last build of each stage, so that a steady run neither fetches nor builds. */
  readonly plans: Map<string, RememberedPlan>;
  /** What the last apply of each object left. The inventory keeps all but those of sensitive objects. */
  prints: Map<ObjectId, string> | undefined;
  /** When each stage's time began: kept by a new run that finds the same plan. */
  readonly startedAtMs: Map<string, StageStart>;
}

export interface RememberedPlan {
  readonly key: string;
  readonly summary: PlanSummary;
}

export interface StageStart {
  readonly planDigest: string;
  readonly elapsedMs: number;
}

export function emptyMemory(): Memory {
  return { failures: 0, plans: new Map(), prints: undefined, startedAtMs: new Map() };
}
