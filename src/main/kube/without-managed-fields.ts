import type { ObjectMeta } from '../../shared/objects/object.ts';

/** Longer than all the rest of such an object, and none of our business. */
export function withoutManagedFields<T extends { readonly metadata: ObjectMeta }>(object: T): T {
  const { managedFields: _theirs, ...metadata } = object.metadata;
  return { ...object, metadata };
}
