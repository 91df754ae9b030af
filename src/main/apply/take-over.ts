import type { ManagedFieldsEntry, ObjectMeta } from '../../shared/objects/object.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isConflict, isNotFound, KubeError } from '../kube/errors.ts';
import { getMetadata, type Target as Place } from '../kube/requests.ts';
import { mannerOf, type Reach } from './cluster.ts';
import { folded } from './managed-fields.ts';
import { publicError } from './refusal.ts';
import { rewriteManagedFields } from './rewrite-managed-fields.ts';
import type { Sending } from './send-apply.ts';

/** While a Deployment rolls out its status is written several times a second. */
const ATTEMPTS = 5;

/**
 * Makes the fields that override managers hold of this object ours, and says whether there were any. What of them we
 * do not want, our next apply removes.
 */
export async function fold(
  target: Reach,
  place: Place,
  object: PlannedObject,
  sending: Sending,
  latest: ObjectMeta,
): Promise<boolean> {
  for (let metadata = latest, attempt = 1; ; attempt += 1) {
    const others = othersIn(target, object, sending, metadata);
    const managers = others.map(({ manager = '' }) => manager);
    if (managers.length === 0 || !sending.mayFold(object, managers)) return false;
    try {
      await rewriteManagedFields(target, place, metadata, folded(metadata.managedFields ?? [], new Set(others)));
      sending.hasFolded(object, managers);
      return true;
    } catch (error) {
      if (!isConflict(error) || attempt === ATTEMPTS) throw error;
      metadata = await readMetadata(target, place);
    }
  }
}

/**
 * What others have set may be what makes the whole invalid: `rollingUpdate` beside our `Recreate`. Folds it before the
 * first apply.
 */
export async function foldFirst(
  target: Reach,
  place: Place,
  object: PlannedObject,
  sending: Sending,
): Promise<boolean> {
  try {
    return await fold(target, place, object, sending, await readMetadata(target, place));
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error instanceof KubeError ? publicError(object, error) : error;
  }
}

/** What override managers hold of an object, unless that is to stay theirs. */
function othersIn(
  { cluster }: Reach,
  object: PlannedObject,
  { policyOf }: Sending,
  { managedFields = [] }: ObjectMeta,
): readonly ManagedFieldsEntry[] {
  const stays = object.ssa === 'Merge' || policyOf(object).action === 'KeepExisting';
  return stays ? [] : managedFields.filter(cluster.live.isOverridden);
}

async function readMetadata(target: Reach, place: Place): Promise<ObjectMeta> {
  const { metadata } = await getMetadata(target.cluster.client, { ...place, ...mannerOf(target) });
  return metadata;
}
