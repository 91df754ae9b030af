import type { ManagedFieldsEntry } from '../../shared/objects/object.ts';
import { FIELD_MANAGER, isOurs } from '../live/ownership-print.ts';

/**
 * These entries as ours: their fields are added to our entry, or make one, and they are gone. What of it we do not
 * apply, our next apply removes.
 */
export function folded(
  entries: readonly ManagedFieldsEntry[],
  theirs: ReadonlySet<ManagedFieldsEntry>,
): readonly ManagedFieldsEntry[] {
  const [first] = theirs;
  const ours = entries.find(isOurs) ?? { ...first, manager: FIELD_MANAGER, operation: 'Apply', fieldsV1: {} };
  const fieldSets = [ours, ...theirs].map(({ fieldsV1 }) => fieldSetOf(fieldsV1));
  const others = entries.filter((entry) => entry !== ours && !theirs.has(entry));
  return [...others, { ...ours, fieldsV1: fieldSets.reduce(joinChildren) }];
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
