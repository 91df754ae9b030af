import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { type LiveObject, type OwnerLabels, sameOwner } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';

/** What is known of a stage's objects before it is applied. */
export interface Known {
  live(id: ObjectId): LiveObject | undefined;
  /** The print that our last apply of this object left, when we remember it. */
  printOf(id: ObjectId): string | undefined;
  /** Whether these labels name a StageSet that is there. */
  isStageSet(owner: OwnerLabels): boolean;
  /** Whether this object was ours already in this very rollout. */
  isClaimed(id: ObjectId): boolean;
}

export type Decision =
  /** Its apply would change nothing, or is not wanted. */
  | 'leave'
  | 'apply'
  /** Apply, and say whose it was. */
  | 'adopt'
  /** Another StageSet has taken it from us: it may, for this rollout. */
  | 'yield';

/**
 * One is left alone only when it is there, is ours, and still has the very print that our apply of this very body left.
 */
export function decide(object: PlannedObject, known: Known, owner: OwnerLabels): Decision {
  const live = known.live(object.id);
  if (object.ssa === 'Ignore' || (object.ssa === 'IfNotPresent' && live !== undefined)) return 'leave';
  if (live === undefined) return 'apply';
  const print = known.printOf(object.id);
  if (!sameOwner(live.owner, owner)) return decideOnAnothers(object.id, live.owner, known);
  const stands = !live.deleting && print !== undefined && print === appliedPrint(object.digest, live.print);
  return stands ? 'leave' : 'apply';
}

function decideOnAnothers(id: ObjectId, owner: OwnerLabels, known: Known): Decision {
  if (known.isStageSet(owner)) return known.isClaimed(id) ? 'yield' : 'adopt';
  // Labels that name nobody: ours, changed by hand, or what a StageSet that is gone has left behind.
  return known.printOf(id) === undefined ? 'adopt' : 'apply';
}
