import type { ManagedFieldsEntry } from '../../src/shared/objects/object.ts';

export type Json = Readonly<Record<string, unknown>>;

/** As RFC 7386 has it; what is the same stays the same object. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const merged: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = mergePatch(merged[key], value);
  }
  return merged;
}

export interface Applied {
  readonly manager: string;
  readonly apiVersion: string;
  readonly nowMs: number;
}

/** The entry of a server-side apply: of its size and form, and renewed with each change, as the real one. */
export function managedBy(body: Json, { manager, apiVersion, nowMs }: Applied): ManagedFieldsEntry {
  const { apiVersion: _, kind: __, metadata, ...rest } = body;
  const { name: ___, namespace: ____, uid: _____, ...meta } = isMap(metadata) ? metadata : {};
  const time = new Date(nowMs).toISOString().replace(/\.\d+Z$/, 'Z');
  return { manager, operation: 'Apply', apiVersion, time, fieldsV1: fieldsOf({ ...rest, metadata: meta }) };
}

function fieldsOf(value: unknown): Json {
  if (!isMap(value)) return {};
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [`f:${key}`, fieldsOf(each)]));
}

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
