import { describeObjectId, type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { isConflict, isForbidden, isNotFound, isTransient, KubeError } from '../kube/errors.ts';
import { deleteObject, getMetadata } from '../kube/requests.ts';
import type { MetadataObject } from '../kube/types.ts';
import { isKept, type OwnerLabels, ownerOf, sameOwner } from '../live/live-object.ts';
import { mannerOf, placeInAnyVersion, type Reach, type Versioned } from './cluster.ts';
import { mapped } from './mapped.ts';
import { withoutValues } from './refusal.ts';
import { WIDTH } from './send-apply.ts';

/** What became of an object that is to go. */
export type Deletion =
  | { readonly is: 'gone' }
  | { readonly is: 'deleting' }
  /** Adopted by another owner, or marked `prune: disabled`: it stays, and is ours no more. */
  | { readonly is: 'left' }
  | { readonly is: 'failed'; readonly error: unknown };

export interface Deletions {
  /** Asked to go, and perhaps not gone yet. */
  readonly deleting: readonly ObjectId[];
  readonly failures: readonly Failure[];
}

export interface Failure {
  readonly object: Versioned;
  readonly error: unknown;
}

/** Asks for all of them to go, each as the first of these that may. */
export async function deleteAll(
  targets: readonly Reach[],
  objects: readonly Versioned[],
  owner: OwnerLabels,
): Promise<Deletions> {
  const results = await mapped(objects, WIDTH, async (object) => ({
    object,
    deletion: await deleteAsFirst(targets, object, owner),
  }));
  return {
    deleting: results.flatMap(({ object, deletion }) => (deletion.is === 'deleting' ? [object.id] : [])),
    failures: results.flatMap(({ object, deletion }) =>
      deletion.is === 'failed' ? [{ object, error: deletion.error }] : [],
    ),
  };
}

async function deleteAsFirst(targets: readonly Reach[], object: Versioned, owner: OwnerLabels): Promise<Deletion> {
  let deletion: Deletion = { is: 'gone' };
  for (const target of targets) {
    deletion = await deleteOwned(target, object, owner);
    if (deletion.is !== 'failed' || !isForbidden(deletion.error)) break;
  }
  return deletion;
}

const TRIES = 5;

/**
 * Reads before it deletes: what is there now decides, and only that very version goes. One that changed in between
 * may have been adopted, so it is read again. `remove` may do less than to delete.
 */
export async function deleteOwned(
  target: Reach,
  object: Versioned,
  owner: OwnerLabels,
  remove = deleteObject,
): Promise<Deletion> {
  try {
    const there = await readIn(target, object);
    if (there === undefined) return { is: 'gone' };
    const { request } = there;
    let { found } = there;
    for (let attempt = 1; ; attempt += 1) {
      const verdict = verdictOn(found, owner);
      if (verdict !== undefined) return verdict;
      try {
        const { uid, resourceVersion } = found.metadata;
        await remove(target.cluster.client, { ...request, uid, resourceVersion, propagation: 'Background' });
        return { is: 'deleting' };
      } catch (error) {
        if (!isConflict(error) || attempt === TRIES) throw error;
      }
      found = await getMetadata(target.cluster.client, request);
    }
  } catch (error) {
    return isNotFound(error) ? { is: 'gone' } : { is: 'failed', error };
  }
}

/** Undefined where the kind is not served: then it has no objects. */
async function readIn(target: Reach, object: Versioned) {
  const { client, discovery } = target.cluster;
  for (let attempt = 1; ; attempt += 1) {
    const place = await placeInAnyVersion(target.cluster, object);
    if (place === undefined) return undefined;
    const request = { ...place, ...mannerOf(target) };
    try {
      return { request, found: await getMetadata(client, request) };
    } catch (error) {
      // Not the object, but the path: it may be served in another version by now.
      if (!isNotFound(error) || error.details?.name !== undefined || attempt > 1) throw error;
      await discovery.refresh();
    }
  }
}

/** Undefined: it is to be deleted. */
function verdictOn({ metadata }: MetadataObject, owner: OwnerLabels): Deletion | undefined {
  if (!sameOwner(ownerOf(metadata), owner) || isKept(metadata)) return { is: 'left' };
  return metadata.deletionTimestamp === undefined ? undefined : { is: 'deleting' };
}

/** Some objects could not be deleted; they stay in the inventory. */
export class NotDeleted extends Error {
  constructor(failures: readonly Failure[]) {
    const shown = failures
      .slice(0, 10)
      .map(({ object, error }) => `${describeObjectId(object.id)}: ${textOf(object, error)}`);
    const more = failures.length > shown.length ? [`and ${failures.length - shown.length} more`] : [];
    super(`cannot delete ${[...shown, ...more].join('; ')}`, {
      cause: (failures.find(({ error }) => isTransient(error)) ?? failures[0])?.error,
    });
    this.name = 'NotDeleted';
  }
}

/** A webhook that is asked about a deletion sees the whole object, and may quote it. */
function textOf({ id }: Versioned, error: unknown): string {
  const isAnswer = error instanceof KubeError && error.status > 0;
  if (isAnswer && parseObjectId(id)?.kind === 'Secret') return withoutValues(error);
  return error instanceof Error ? error.message : String(error);
}
