import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { TriesByKey } from '../actions/tries.ts';
import type { BuiltStage } from '../build/builds.ts';
import type { AwaitedObjects } from '../live/awaited-objects.ts';
import type { Artifact } from '../source/source-object.ts';
import { Claims } from './claims.ts';
import { Corrections } from './corrections.ts';
import { Folds } from './folds.ts';
import type { Granted } from './update-windows.ts';

/**
 * What is remembered of one StageSet between its runs, in this process only. Losing it costs time, never
 * correctness: what must survive is in the StageSet's status and its inventories.
 */
export interface Memory {
  /** Failed runs in a row, for the backoff. */
  failures: number;
  /** The last build of each stage, so that a steady run neither fetches nor builds. */
  readonly builds: Map<string, BuiltStage>;
  /** By stage, which of its renders the rollback store has for sure. */
  readonly kept: Map<string, string>;
  /** By stage, what was applied last: after a failure status has only its revision. */
  readonly applied: Map<string, Artifact>;
  /** Of the rollout under way. */
  granted: Granted | undefined;
  /** Since a run has last ended: what it failed with then may do now. */
  inputsMoved: boolean;
  /** What the last apply of each object left. The inventory keeps all but those of sensitive objects. */
  prints: Map<ObjectId, string> | undefined;
  /** When each stage's time began: kept by a new run that finds the same plan. */
  readonly startedAtMs: Map<string, StageStart>;
  /** Of actions that a superseded run was about. */
  readonly tries: TriesByKey;
  readonly corrections: Corrections;
  readonly claims: Claims;
  readonly folds: Folds;
  /** By stage, what its last run has left to others: no labels of ours, so no watch tells of it. */
  readonly untouched: Map<string, ReadonlySet<ObjectId>>;
  /** What the last stage to be verified waited for, besides what it applied. */
  awaited: AwaitedObjects | undefined;
}

export interface StageStart {
  readonly planDigest: string;
  readonly elapsedMs: number;
}

export function emptyMemory(clock: Clock): Memory {
  return {
    failures: 0,
    builds: new Map(),
    kept: new Map(),
    applied: new Map(),
    granted: undefined,
    inputsMoved: false,
    prints: undefined,
    startedAtMs: new Map(),
    tries: new Map(),
    corrections: new Corrections(clock),
    claims: new Claims(),
    folds: new Folds(),
    untouched: new Map(),
    awaited: undefined,
  };
}

/** All stands and the rest is pruned: of other stages and objects nothing need be known any more. */
export function forgetAllBut(memory: Memory, stages: ReadonlySet<string>, objects: ReadonlySet<ObjectId>): void {
  for (const byStage of [memory.builds, memory.untouched, memory.applied]) {
    for (const stage of byStage.keys()) if (!stages.has(stage)) byStage.delete(stage);
  }
  for (const id of memory.prints?.keys() ?? []) if (!objects.has(id)) memory.prints?.delete(id);
  memory.corrections.allStand(objects);
  memory.folds.keep(objects);
}
