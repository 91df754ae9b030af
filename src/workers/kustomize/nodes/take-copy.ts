import type { HeapRoom } from '../../../shared/heap-room.ts';
import { manifestLimits } from '../../../shared/protocol/limits.ts';
import { Problem } from '../problem.ts';

const VALUE_BYTES = 64;
const CHARACTER_BYTES = 2;

/** Asks for the memory of a copy before it is made: a few copies, each of what the last one made, fill any heap. */
export function takeCopy(value: unknown, room: HeapRoom): void {
  room.take(bytesOf(value, 0));
}

/** Of nodes and of values alike. */
function bytesOf(value: unknown, depth: number): number {
  refuseTooDeep(depth);
  if (typeof value === 'string') return VALUE_BYTES + value.length * CHARACTER_BYTES;
  if (typeof value !== 'object' || value === null) return VALUE_BYTES;
  let bytes = VALUE_BYTES;
  for (const [key, item] of Object.entries(value)) bytes += key.length * CHARACTER_BYTES + bytesOf(item, depth + 1);
  return bytes;
}

/** What is deeper cannot be walked safely. */
export function refuseTooDeep(depth: number): void {
  if (depth > manifestLimits.depth) throw new Problem('field', `nested more than ${manifestLimits.depth} deep`);
}
