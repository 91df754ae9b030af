import { isConflict, isNotFound } from '../kube/errors.ts';
import { deleteObject, getMetadata, type Target as Place } from '../kube/requests.ts';
import { mannerOf, type Target } from './cluster.ts';

const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 1_000;

/** Deletes this object and what hangs on it, and resolves when it is gone. `pause` rejects when that takes too long. */
export async function makeWay(target: Target, place: Place, pause: (ms: number) => Promise<void>): Promise<void> {
  const request = { ...place, ...mannerOf(target) };
  const uid = await uidOf(target, place);
  if (uid === undefined) return;
  try {
    await deleteObject(target.cluster.client, { ...request, uid, propagation: 'Foreground' });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
  for (let ms = FIRST_PAUSE_MS; (await uidOf(target, place)) === uid; ms = Math.min(ms * 2, LONGEST_PAUSE_MS)) {
    await pause(ms);
  }
}

/** Asked, not watched: an object that is not labelled as ours yet is in no watch. */
async function uidOf(target: Target, place: Place): Promise<string | undefined> {
  try {
    return (await getMetadata(target.cluster.client, { ...place, ...mannerOf(target) })).metadata.uid;
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
