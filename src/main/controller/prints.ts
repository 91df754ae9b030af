import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject, PlanSummary } from '../../shared/protocol/tasks.ts';
import { changedObjects } from '../apply/decide.ts';
import { ownerLabelsOf } from '../live/live-object.ts';
import type { LiveView } from '../live/live-view.ts';
import type { Run } from './world.ts';

/** Filled from the inventory after a restart, which has all but those of sensitive objects. */
export function printsOf(run: Run): Map<ObjectId, string> {
  run.memory.prints ??= new Map(
    [...run.inventory.read().values()].flatMap(({ entries }) =>
      [...entries.values()].flatMap(({ id, p }) => (p === undefined ? [] : [[id, p] as const])),
    ),
  );
  return run.memory.prints;
}

/** The objects of this plan whose apply could change something now. */
export function changedIn(run: Run, live: LiveView, plan: PlanSummary): readonly PlannedObject[] {
  const { namespace = '', name } = run.set.metadata;
  const prints = printsOf(run);
  const known = { live: (id: ObjectId) => live.get(id), printOf: (id: ObjectId) => prints.get(id) };
  return changedObjects(plan, known, ownerLabelsOf({ namespace, name }));
}
