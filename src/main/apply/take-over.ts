import type { ManagedFieldsEntry, ObjectMeta } from '../../shared/objects/object.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isConflict, isNotFound } from '../kube/errors.ts';
import { getMetadata, type Target as Place } from '../kube/requests.ts';
import { mannerOf, type Target } from './cluster.ts';
import { folded } from './managed-fields.ts';
import { rewriteManagedFields } from './rewrite-managed-fields.ts';
import type { Sending } from './send-apply.ts';

/** What override managers hold of an object, unless that is to stay theirs. */
export function othersIn(
  { cluster }: Target,
  object: PlannedObject,
  { policyOf }: Sending,
  { managedFields = [] }: ObjectMeta,
): readonly ManagedFieldsEntry[] {
  const stays = object.ssa === 'Merge' || policyOf(object).action === 'KeepExisting';
  return stays ? [] : managedFields.filter(cluster.live.isOverridden);
}

export function mayFold({ mayFold }: Sending, object: PlannedObject, others: readonly ManagedFieldsEntry[]): boolean {
  const managers = others.map(({ manager = '' }) => manager);
  return managers.length > 0 && mayFold(object, managers);
}

/** Makes these fields ours; an object that has changed meanwhile is left for the next look. */
export async function fold(
  target: Target,
  place: Place,
  metadata: ObjectMeta,
  others: readonly ManagedFieldsEntry[],
): Promise<void> {
  try {
    await rewriteManagedFields(target, place, metadata, folded(metadata.managedFields ?? [], new Set(others)));
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
}

/**
 * What others have set may be what makes the whole invalid: `rollingUpdate` beside our `Recreate`. Folds it before the
 * first apply, and says whether there was anything to fold.
 */
export async function foldFirst(
  target: Target,
  place: Place,
  object: PlannedObject,
  sending: Sending,
): Promise<boolean> {
  try {
    const { metadata } = await getMetadata(target.cluster.client, { ...place, ...mannerOf(target) });
    const others = othersIn(target, object, sending, metadata);
    if (!mayFold(sending, object, others)) return false;
    await fold(target, place, metadata, others);
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
