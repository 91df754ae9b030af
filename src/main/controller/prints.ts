import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject, PlanSummary } from '../../shared/protocol/tasks.ts';
import { type Decision, decide } from '../apply/decide.ts';
import { ownerLabelsOf } from '../live/live-object.ts';
import type { LiveView } from '../live/live-view.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import { isSteady } from './drift.ts';
import { keysToDo } from './keys-to-do.ts';
import type { Run } from './world.ts';

/** Filled from the inventory after a restart, which has all but those of sensitive objects. */
export function printsOf(run: Run): Map<ObjectId, string> {
  run.memory.prints ??= new Map(
    [...run.inventory.entries().values()].flatMap(({ id, p }) => (p === undefined ? [] : [[id, p] as const])),
  );
  return run.memory.prints;
}

export interface Work {
  /** Applied to change something, or because it may. */
  readonly wanted: readonly PlannedObject[];
  /** Those of them that are another StageSet's now. */
  readonly adopted: ReadonlySet<PlannedObject>;
  /** Taken by another StageSet. */
  readonly yielded: readonly PlannedObject[];
  /** All that is wanted was applied before a restart, and is again because prints of sensitive objects did not survive it. */
  readonly isRepetition: boolean;
}

/** What there is to do about the objects of this plan now. */
export function workIn(run: Run, live: LiveView, stage: string, plan: PlanSummary): Work {
  const { namespace = '', name } = run.set.metadata;
  const owner = ownerLabelsOf({ namespace, name });
  const prints = printsOf(run);
  const known = {
    live: (id: ObjectId) => live.standing(id),
    printOf: (id: ObjectId) => prints.get(id),
    isStageSet: run.world.sets.isThere,
    isClaimed: claimsOf(run, stage),
  };
  const by: Record<Decision, PlannedObject[]> = { leave: [], apply: [], adopt: [], yield: [] };
  for (const object of plan.objects) {
    const decision = decide(object, known, owner);
    const isRecalled = decision === 'apply' && recallsPatch(run, live, object);
    by[isRecalled ? decide(object, known, owner) : decision].push(object);
  }
  const lostItsPrint = ({ id, sensitive }: PlannedObject) =>
    sensitive && !prints.has(id) && live.standing(id) !== undefined;
  const isRepetition = by.adopt.length === 0 && by.apply.every(lostItsPrint) && isSteady(run);
  return { wanted: [...by.apply, ...by.adopt], adopted: new Set(by.adopt), yielded: by.yield, isRepetition };
}

/** A crash fell between an action's patch of the object and our record of how that left it: it is made up for. */
function recallsPatch(run: Run, live: LiveView, { id, digest }: PlannedObject): boolean {
  const { patched, print } = live.standing(id) ?? {};
  if (patched === undefined || print === undefined) return false;
  if (patched.base !== digest || !keysToDo(run).has(patched.key)) return false;
  printsOf(run).set(id, appliedPrint(digest, print));
  return true;
}

/** What a run that has just ended would do if it began again: what came while it was under way. */
export function newsIn(run: Run, live: LiveView, stage: string, plan: PlanSummary): readonly ObjectId[] {
  const { wanted, yielded } = workIn(run, live, stage, plan);
  const untouched = run.memory.untouched.get(stage);
  const unsaid = yielded.filter(({ id }) => printsOf(run).has(id));
  return [...wanted.filter(({ id }) => untouched?.has(id) !== true), ...unsaid].map(({ id }) => id);
}

/** Whether an object was ours in this rollout already: an earlier run says so or, after a restart, status and inventory. */
function claimsOf(run: Run, stage: string): (id: ObjectId) => boolean {
  // Only looked up when another StageSet's labels turn up, and once for all of them.
  let recorded: ReadonlySet<ObjectId> | undefined;
  return (id) => {
    recorded ??= run.inventory.idsOf(stage);
    return recorded.has(id) && (run.memory.claims.has(stage, id) || wasReady(run, stage));
  };
}

/** The last run brought this stage out as this one is about to. */
function wasReady({ set: { metadata, status }, pins = [] }: Run, stage: string): boolean {
  const { phase, appliedRevision } = status?.stages?.find(({ name }) => name === stage) ?? {};
  const pin = pins.find((each) => each.stage === stage);
  const isSameSpec = status?.observedGeneration === metadata.generation;
  return isSameSpec && phase === 'Ready' && appliedRevision === pin?.artifact.revision;
}
