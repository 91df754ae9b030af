import type { ManagedFieldsEntry } from '../../shared/objects/object.ts';
import { isOurs } from '../live/ownership-print.ts';

/**
 * These entries as ours: their fields are added to our entry and they are gone. What of it we do not apply, our next
 * apply removes. Undefined where there is nothing to fold, or nothing to fold it into.
 */
export function folded(
  entries: readonly ManagedFieldsEntry[],
  theirs: ReadonlySet<ManagedFieldsEntry>,
): readonly ManagedFieldsEntry[] | undefined {
  if (theirs.size === 0 || !entries.some(isOurs)) return undefined;
  const fieldSets = [...theirs].map(({ fieldsV1 }) => fieldSetOf(fieldsV1));
  return entries
    .filter((entry) => !theirs.has(entry))
    .map((entry) =>
      isOurs(entry) ? { ...entry, fieldsV1: fieldSets.reduce(joinChildren, fieldSetOf(entry.fieldsV1)) } : entry,
    );
}

/** The entries of a version that is served no more, as those of one that is: the server reads no others. */
export function migrated(
  entries: readonly ManagedFieldsEntry[],
  from: string,
  to: string,
): readonly ManagedFieldsEntry[] {
  return entries.map((entry) => (entry.apiVersion === from ? { ...entry, apiVersion: to } : entry));
}

/**
 * A set of field paths as the API server writes it: a field that is a member and has no members below is `{}`; one that
 * has some says by `"."` that it is a member itself.
 */
interface FieldSet {
  readonly [key: string]: FieldSet;
}

function fieldSetOf(fieldsV1: unknown): FieldSet {
  return typeof fieldsV1 === 'object' && fieldsV1 !== null ? (fieldsV1 as FieldSet) : {};
}

function join(a: FieldSet, b: FieldSet): FieldSet {
  const isMember = isLeaf(a) || isLeaf(b) || '.' in a || '.' in b;
  const { '.': _, ...children } = joinChildren(a, b);
  return isMember && !isLeaf(children) ? { '.': {}, ...children } : children;
}

function joinChildren(a: FieldSet, b: FieldSet): FieldSet {
  const joined: Record<string, FieldSet> = { ...a };
  for (const [key, below] of Object.entries(b)) {
    const ours = a[key];
    joined[key] = ours === undefined ? below : join(ours, below);
  }
  return joined;
}

function isLeaf(set: FieldSet): boolean {
  return Object.keys(set).length === 0;
}
