import { isDeepStrictEqual } from 'node:util';

type Json = Readonly<Record<string, unknown>>;

/** The RFC 7386 patch that makes `before` into `after`; undefined when nothing differs. Lists go whole. */
export function mergePatch(before: Json, after: Json): Json | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const change = difference(before[key], after[key]);
    if (change !== undefined) patch[key] = change;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** What the server makes of `target` when it gets this patch. */
export function patched(target: Json, patch: Json): Json {
  const result: Record<string, unknown> = { ...target };
  for (const [key, change] of Object.entries(patch)) {
    const before = result[key];
    if (change === null) delete result[key];
    else result[key] = isMap(change) ? patched(isMap(before) ? before : {}, change) : change;
  }
  return result;
}

/** The value to send, null to remove, undefined for no difference. */
function difference(before: unknown, after: unknown): unknown {
  if (after === undefined) return before === undefined ? undefined : null;
  if (isMap(before) && isMap(after)) return mergePatch(before, after);
  // Not as text: the server sorts the fields of what it gives back.
  return isDeepStrictEqual(before, after) ? undefined : after;
}

function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
