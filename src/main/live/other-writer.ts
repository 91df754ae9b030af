import type { ManagedFieldsEntry, ObjectMeta } from '../../shared/objects/object.ts';
import { isOurs } from './ownership-print.ts';

/**
 * Who else wrote last, no earlier than we did: the one that an event names when we put the object right. Undefined where
 * nobody did, or where the writer only removed fields: such a one leaves no trace.
 */
export function otherWriterOf({ managedFields = [] }: ObjectMeta): string | undefined {
  const ours = managedFields.find(isOurs)?.time ?? '';
  const others = managedFields.filter((entry) => !isOurs(entry) && isSpecWriter(entry) && timeOf(entry) >= ours);
  return others.toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : 1)).at(-1)?.manager;
}

function isSpecWriter({ subresource }: ManagedFieldsEntry): boolean {
  return subresource !== 'status';
}

/** RFC 3339 in UTC, to the second: sorts as text. */
function timeOf({ time = '' }: ManagedFieldsEntry): string {
  return time;
}
