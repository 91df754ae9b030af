import { hash } from 'node:crypto';
import { keys } from '../../shared/labels.ts';
import type { ManagedFieldsEntry, ObjectMeta } from '../../shared/objects/object.ts';
import type { IsOverridden } from './override-managers.ts';

/** The name under which this controller applies. */
export const FIELD_MANAGER = 'stageset-controller';

/**
 * A hash of everything on a live object that tells whether what we applied still stands: the object itself
 * (UID), whose it is (owner labels), which fields are ours (our managedFields entry, with its time), and which are to
 * become ours (the entries of override managers: what `kubectl edit` adds).
 *
 * The API server takes a field out of our entry whenever somebody else changes or removes it, and renews the
 * entry's time when a writer under our own name changes a value. So an equal print means that re-applying the
 * same body would change nothing; status, generation and resourceVersion may move freely.
 */
export function ownershipPrint(meta: ObjectMeta, isOverridden: IsOverridden): string {
  const entries = meta.managedFields ?? [];
  const labels = meta.labels ?? {};
  return shortHash([
    meta.uid,
    labels[keys.ownerNamespace],
    labels[keys.ownerName],
    labels[keys.stage],
    entries.filter(isOurs).map((entry) => [entry.apiVersion, entry.time, entry.fieldsV1]),
    entries.filter(isOverridden).map((entry) => [entry.manager, entry.operation, entry.fieldsV1]),
  ]);
}

/** What an inventory entry keeps: the body we sent and the print it left, in one value. */
export function appliedPrint(bodyDigest: string, print: string): string {
  return shortHash([bodyDigest, print]);
}

export function isOurs(entry: ManagedFieldsEntry): boolean {
  return entry.manager === FIELD_MANAGER && entry.operation === 'Apply' && entry.subresource === undefined;
}

/** 128 bits: far from any accident over one cluster's objects, and short in the inventory. */
function shortHash(value: unknown): string {
  return hash('sha256', JSON.stringify(value), 'base64url').slice(0, 22);
}
