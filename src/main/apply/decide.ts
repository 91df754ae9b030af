import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject, PlanSummary } from '../../shared/protocol/tasks.ts';
import { type LiveObject, type OwnerLabels, sameOwner } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';

/** What is known of a stage's objects before it is applied. */
export interface Known {
  live(id: ObjectId): LiveObject | undefined;
  /** The print that our last apply of this object left, when we remember it. */
  printOf(id: ObjectId): string | undefined;
}

/**
 * The objects whose apply could change something. One is left alone only when it is there, is ours, and still has
 * the very print that our apply of this very body left.
 */
export function changedObjects(plan: PlanSummary, known: Known, owner: OwnerLabels): readonly PlannedObject[] {
  return plan.objects.filter((object) => {
    const live = known.live(object.id);
    if (object.ssa === 'Ignore' || (object.ssa === 'IfNotPresent' && live !== undefined)) return false;
    return live === undefined || !stillAsApplied(object, live, known.printOf(object.id), owner);
  });
}

function stillAsApplied(
  object: PlannedObject,
  live: LiveObject,
  print: string | undefined,
  owner: OwnerLabels,
): boolean {
  if (live.deleting || !sameOwner(live.owner, owner)) return false;
  return print !== undefined && print === appliedPrint(object.digest, live.print);
}
