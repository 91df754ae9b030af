import type { ManagedFieldsEntry, ObjectMeta } from '../../shared/objects/object.ts';
import { KubeError } from '../kube/errors.ts';
import { getMetadata, type Target as Place, patchObject } from '../kube/requests.ts';
import { FIELD_MANAGER } from '../live/ownership-print.ts';
import { mannerOf, type Reach } from './cluster.ts';
import { migrated } from './managed-fields.ts';

/** Rejects with a Conflict where the object has changed since it was this one. */
export async function rewriteManagedFields(
  target: Reach,
  place: Place,
  { resourceVersion }: ObjectMeta,
  entries: readonly ManagedFieldsEntry[],
): Promise<void> {
  await patchObject(target.cluster.client, {
    ...place,
    ...mannerOf(target),
    type: 'application/json-patch+json',
    fieldManager: FIELD_MANAGER,
    answer: 'metadata',
    patch: [
      { op: 'replace', path: '/metadata/managedFields', value: entries },
      { op: 'replace', path: '/metadata/resourceVersion', value: resourceVersion },
    ],
  });
}

/** A custom resource may have been written in so many versions that its CRD has dropped. */
const MOST_VERSIONS = 5;

/**
 * Sends it; where the server cannot read what `managedFields` says under a version that its CRD has dropped, those
 * entries become ones of the version we write, and it is sent again.
 */
export async function migratingVersions<T>(
  target: Reach,
  place: Place,
  apiVersion: string,
  send: () => Promise<T>,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send();
    } catch (error) {
      const dropped = droppedVersionIn(error);
      if (dropped === undefined || dropped === apiVersion || attempt > MOST_VERSIONS) throw error;
      const { metadata } = await getMetadata(target.cluster.client, { ...place, ...mannerOf(target) });
      await rewriteManagedFields(target, place, metadata, migrated(metadata.managedFields ?? [], dropped, apiVersion));
    }
  }
}

function droppedVersionIn(error: unknown): string | undefined {
  if (!(error instanceof KubeError) || error.status !== 500) return undefined;
  return /request to convert CR to an invalid group\/version: (\S+)/.exec(error.message)?.[1];
}
