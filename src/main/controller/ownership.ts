import { labelValue } from '../../shared/labels.ts';
import { describeObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import type { Applied } from '../apply/apply-object.ts';
import type { OwnerLabels } from '../live/live-object.ts';
import type { LiveView } from '../live/live-view.ts';
import { announce } from './announce.ts';
import { tellDrift } from './drift.ts';
import { named } from './named.ts';
import { printsOf } from './prints.ts';
import type { Run } from './world.ts';

/** From here on the run may take objects from other StageSets, if this is a rollout that has not done so yet. */
export function claimForRollout({ memory, set, pins = [] }: Run): void {
  memory.claims.begin(
    JSON.stringify([set.metadata.generation, pins.map(({ stage, artifact }) => [stage, artifact.revision])]),
  );
}

/** Says whose they were; the others hear of it by their own watches. */
export function tellAdopted(run: Run, stage: string, applied: readonly Applied[]): void {
  const owners = new Map(applied.flatMap(({ object, before }) => (before ? [[object.id, before.owner] as const] : [])));
  if (owners.size === 0) return;
  const adopted = named(
    [...owners.keys()],
    (id) => `${describeObjectId(id)} from ${describeOwner(run, owners.get(id))}`,
  );
  tell(run, `stage "${stage}": took over ${adopted}`);
}

/** Says once who has taken them; a forgotten print tells that it was said, here and, by the inventory, after a restart. */
export function yieldTo(run: Run, live: LiveView, stage: string, taken: readonly PlannedObject[]): void {
  const prints = printsOf(run);
  const news = taken.filter(({ id }) => prints.delete(id)).map(({ id }) => id);
  if (news.length === 0) return;
  const lost = named(news, (id) => `${describeObjectId(id)} by ${describeOwner(run, live.get(id)?.owner)}`);
  tell(run, `stage "${stage}": taken over: ${lost}; left alone until this StageSet has a new revision or spec`);
}

/** A tenant learns nothing of what another namespace holds. */
function describeOwner({ set }: Run, owner: OwnerLabels | undefined): string {
  const isNear = owner?.namespace === labelValue(set.metadata.namespace ?? '');
  return isNear ? `StageSet ${owner.namespace}/${owner.name}` : 'a StageSet of another namespace';
}

function tell(run: Run, note: string): void {
  announce(run, { type: 'Warning', reason: 'OwnerChanged', note });
}

/** Folds once a tool; one that comes back is named, and the object is its as well from here on. */
export function mayFold(run: Run, stage: string, { id }: PlannedObject, managers: readonly string[]): boolean {
  const { fold, because } = run.memory.folds.ask(id, managers);
  if (because !== undefined) {
    const still = `${because} still writes ${describeObjectId(id)}: the fields that only it sets stay`;
    tellDrift(run, `stage "${stage}": ${still}`);
  }
  return fold;
}
