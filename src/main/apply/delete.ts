import { describeObjectId } from '../../shared/objects/object-id.ts';
import { isConflict, isNotFound, isTransient, type KubeError } from '../kube/errors.ts';
import { deleteObject, getMetadata } from '../kube/requests.ts';
import type { MetadataObject } from '../kube/types.ts';
import { isKept, type OwnerLabels, ownerOf, sameOwner } from '../live/live-object.ts';
import { mannerOf, placeOf, type Target, type Versioned } from './cluster.ts';

/** What became of an object that is to go. */
export type Deletion =
  | { readonly is: 'gone' }
  | { readonly is: 'deleting' }
  /** Adopted by another owner, or marked `prune: disabled`: it stays, and is ours no more. */
  | { readonly is: 'left' }
  | { readonly is: 'failed'; readonly error: unknown };

/** Reads before it deletes: what is there now decides, and only that very object goes. */
export async function deleteOwned(target: Target, object: Versioned, owner: OwnerLabels): Promise<Deletion> {
  try {
    const place = await placeOf(target.cluster, object);
    if (place === undefined) return { is: 'gone' }; // a kind that is not served has no objects
    const request = { ...place, ...mannerOf(target) };
    const read = () => getIfThere(() => getMetadata(target.cluster.client, request));
    const found = await read();
    if (found === undefined) return { is: 'gone' };
    if (!sameOwner(ownerOf(found.metadata), owner) || isKept(found.metadata)) return { is: 'left' };
    if (found.metadata.deletionTimestamp === undefined) {
      const deletion = { ...request, uid: found.metadata.uid, propagation: 'Background' } as const;
      const refusal = await conflictOf(deleteObject(target.cluster.client, deletion));
      // Another object by now, most likely: then the one we meant is not there. A conflict may have other reasons.
      if (refusal !== undefined) {
        const isStillThere = (await read())?.metadata.uid === found.metadata.uid;
        return isStillThere ? { is: 'failed', error: refusal } : { is: 'gone' };
      }
    }
    return { is: 'deleting' };
  } catch (error) {
    if (isNotFound(error)) return { is: 'gone' }; // in between
    return { is: 'failed', error };
  }
}

/** Some objects could not be deleted; they stay in the inventory. */
export class NotDeleted extends Error {
  constructor(failures: readonly { readonly object: Versioned; readonly error: unknown }[]) {
    const shown = failures.slice(0, 10).map(({ object, error }) => `${describeObjectId(object.id)}: ${textOf(error)}`);
    const more = failures.length > shown.length ? [`and ${failures.length - shown.length} more`] : [];
    super(`cannot delete ${[...shown, ...more].join('; ')}`, {
      cause: (failures.find(({ error }) => isTransient(error)) ?? failures[0])?.error,
    });
    this.name = 'NotDeleted';
  }
}

async function conflictOf(deletion: Promise<unknown>): Promise<KubeError | undefined> {
  try {
    await deletion;
    return undefined;
  } catch (error) {
    if (isConflict(error)) return error;
    throw error;
  }
}

async function getIfThere(get: () => Promise<MetadataObject>): Promise<MetadataObject | undefined> {
  try {
    return await get();
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
