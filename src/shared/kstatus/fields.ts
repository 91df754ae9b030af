import type { KubeObject } from '../objects/object.ts';

/** A field that decides readiness holds something it never should. */
export class UnreadableField extends Error {
  constructor(path: string, is: string) {
    super(`${path} is ${is}`);
    this.name = 'UnreadableField';
  }
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
}

/** Loose, as kstatus reads counters: absent or of another type counts as the fallback. */
export function countAt(object: KubeObject, path: string, fallback = 0): number {
  const found = fieldAt(object, path);
  return Number.isInteger(found) ? (found as number) : fallback;
}

/** Loose, as kstatus reads phases and types. */
export function textAt(object: KubeObject, path: string, fallback = ''): string {
  const found = fieldAt(object, path);
  return typeof found === 'string' ? found : fallback;
}

/** Strict: absent is undefined, but another type is an error, and so is a parent that holds no fields. */
export function strictCountAt(object: KubeObject, parent: 'metadata' | 'status', field: string): number | undefined {
  const found = fieldsOf(object, parent)?.[field];
  if (found === undefined) return undefined;
  if (!Number.isInteger(found)) throw new UnreadableField(`${parent}.${field}`, typeOf(found));
  return found as number;
}

export function strictTextAt(object: KubeObject, parent: 'metadata' | 'status', field: string): string | undefined {
  const found = fieldsOf(object, parent)?.[field];
  if (found === undefined) return undefined;
  if (typeof found !== 'string') throw new UnreadableField(`${parent}.${field}`, typeOf(found));
  return found;
}

/** Absent and null list no condition; a condition's absent and null fields are empty. Anything else is an error. */
export function conditionsOf(object: KubeObject): readonly Condition[] {
  const found = fieldsOf(object, 'status')?.conditions ?? [];
  if (!Array.isArray(found)) throw new UnreadableField('status.conditions', typeOf(found));
  return found.map((entry: unknown, index) => {
    const path = `status.conditions[${index}]`;
    const fields = entry ?? {};
    if (!isFields(fields)) throw new UnreadableField(path, typeOf(entry));
    const text = (field: string) => {
      const value = fields[field] ?? '';
      if (typeof value !== 'string') throw new UnreadableField(`${path}.${field}`, typeOf(value));
      return value;
    };
    return { type: text('type'), status: text('status'), reason: text('reason'), message: text('message') };
  });
}

export function isTrue(conditions: readonly Condition[], type: string): boolean {
  return conditions.some((condition) => condition.type === type && condition.status === 'True');
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(object: KubeObject, parent: 'metadata' | 'status'): Fields | undefined {
  const found: unknown = object[parent];
  if (found === undefined || found === null) return undefined;
  if (!isFields(found)) throw new UnreadableField(parent, typeOf(found));
  return found;
}

export function fieldAt(from: unknown, path: string): unknown {
  return path.split('.').reduce((parent, field) => (isFields(parent) ? parent[field] : undefined), from);
}

export function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Never what it holds: that may be anyone's. */
export function typeOf(found: unknown): string {
  if (found === null) return 'null';
  return Array.isArray(found) ? 'a list' : `of type ${typeof found}`;
}
