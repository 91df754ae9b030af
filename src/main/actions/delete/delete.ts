import type { DeleteAction } from '../../../shared/api/types.ts';
import { isConflict, isNotFound } from '../../kube/errors.ts';
import { deleteObject, getMetadata } from '../../kube/requests.ts';
import type { MetadataObject } from '../../kube/types.ts';
import { findTarget, refused, type TargetObject } from '../target-object.ts';
import type { Attempt, Verb } from '../verb.ts';
import { untilGone } from './until-gone.ts';

/** Done when the object that was there is not any more; one that is missing, or whose kind is, counts. */
export const remove: Verb<DeleteAction> = async ({ target }, attempt) => {
  const found = await findTarget(target, attempt);
  if (found === undefined) return;
  const wrote = attempt.beforeWrite(found.place.resource, found.id);
  try {
    const uid = await askToGo(found, attempt);
    if (uid === undefined) return;
    await untilGone(found, uid, attempt);
    await wrote(undefined);
  } catch (error) {
    throw refused(found, attempt, error);
  }
};

const TRIES = 5;

/** Undefined: it is not there. Goes by UID, so that a namesake that comes meanwhile stays. */
async function askToGo({ place }: TargetObject, { target }: Attempt): Promise<string | undefined> {
  const { client } = target.cluster;
  for (let tries = 1; ; tries += 1) {
    try {
      const { metadata }: MetadataObject = await getMetadata(client, place);
      const { uid = '', deletionTimestamp } = metadata;
      if (deletionTimestamp === undefined) await deleteObject(client, { ...place, uid, propagation: 'Background' });
      return uid;
    } catch (error) {
      if (isNotFound(error)) return undefined;
      if (!isConflict(error) || tries === TRIES) throw error;
    }
  }
}
