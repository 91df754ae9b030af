import type { HeapRoom } from '../heap-room.ts';

/** The document contains itself, or something close to it. */
export class EndlessError extends Error {}

const BYTES_PER_NODE = 100;
/** A string is shared even in the copy, but not in the JSON that is made of it. */
const BYTES_PER_CHARACTER = 2;

/**
 * A copy in which nothing is shared. Aliases let a small text stand for billions of nodes, so the copy has to fit into
 * `room`, node by node.
 */
export function expandAliases(value: unknown, room: HeapRoom, maxDepth: number): unknown {
  room.take(BYTES_PER_NODE + (typeof value === 'string' ? value.length * BYTES_PER_CHARACTER : 0));
  if (typeof value !== 'object' || value === null) return value;
  if (maxDepth === 0) throw new EndlessError('nested too deeply once its aliases are written out');
  if (Array.isArray(value)) return value.map((item) => expandAliases(item, room, maxDepth - 1));
  const entries = Object.entries(value).map(([key, item]) => {
    room.take(key.length * BYTES_PER_CHARACTER);
    return [key, expandAliases(item, room, maxDepth - 1)];
  });
  return Object.fromEntries(entries); // defines, never assigns: a key `__proto__` stays a key
}
