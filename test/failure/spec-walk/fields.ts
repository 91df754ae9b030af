import { API_VERSION } from '../../../src/shared/api/group.ts';
import type { Schema } from '../../../src/shared/api/schema/language.ts';
import { stageSetSpec } from '../../../src/shared/api/schema/stage-set.ts';
import type { StageSetSpec } from '../../../src/shared/api/types.ts';
import type { Violation } from '../../../src/shared/api/validate/violation.ts';
import { validateStageSet } from '../../../src/shared/api/validate.ts';

/** Where in the schema, such as `stages[].sourceRef.name`. */
export type FieldPath = string;

/** Every field that holds a value of its own. */
export const fields: readonly FieldPath[] = leavesOf(stageSetSpec, '');

export function isOnTheWay(path: FieldPath, goal: FieldPath): boolean {
  return goal === path || goal.startsWith(`${path}.`) || goal.startsWith(`${path}[`);
}

export function violationsOf(spec: unknown): readonly Violation[] {
  const metadata = { name: 'shop', namespace: 'team' };
  return validateStageSet({ apiVersion: API_VERSION, kind: 'StageSet', metadata, spec });
}

export function below(path: FieldPath, field: string): FieldPath {
  return path === '' ? field : `${path}.${field}`;
}

function leavesOf(schema: Schema, path: FieldPath): readonly FieldPath[] {
  if (schema.type === 'list') return leavesOf(schema.items, `${path}[]`);
  if (schema.type !== 'struct') return [path];
  return Object.entries(schema.fields).flatMap(([field, each]) => leavesOf(each, below(path, field)));
}

/** What can be done to a field, such as `stages[].path set`. */
export type Deed = `${FieldPath} ${'set' | 'changed' | 'removed'}`;

/** In the order in which they can be done to it. */
export function deedsOfField(field: FieldPath): readonly [Deed, Deed, Deed] {
  return [`${field} set`, `${field} changed`, `${field} removed`];
}

export function fieldOf(deed: Deed): FieldPath {
  return deed.slice(0, deed.lastIndexOf(' '));
}

/** What an edit does. */
export function deedsOf(before: StageSetSpec, after: StageSetSpec): ReadonlySet<Deed> {
  const [old, fresh] = [valuesIn(before), valuesIn(after)];
  const done = new Set<Deed>();
  for (const [place, { path, value }] of fresh) {
    const was = old.get(place);
    if (was === undefined) done.add(`${path} set`);
    else if (was.value !== value) done.add(`${path} changed`);
  }
  for (const [place, { path }] of old) if (!fresh.has(place)) done.add(`${path} removed`);
  return done;
}

export function fieldsIn(spec: StageSetSpec): ReadonlySet<FieldPath> {
  return new Set([...valuesIn(spec).values()].map(({ path }) => path));
}

interface Value {
  readonly path: FieldPath;
  readonly value: string;
}

/** By place, such as `stages/0/path`. */
function valuesIn(spec: StageSetSpec): ReadonlyMap<string, Value> {
  const found = new Map<string, Value>();
  const collect = (schema: Schema, value: unknown, path: FieldPath, place: string): void => {
    if (value === undefined) return;
    if (schema.type === 'list') {
      for (const [at, item] of (value as readonly unknown[]).entries()) {
        collect(schema.items, item, `${path}[]`, `${place}/${at}`);
      }
    } else if (schema.type === 'struct') {
      for (const [field, each] of Object.entries(value as object)) {
        collect(schema.fields[field] as Schema, each, below(path, field), `${place}/${field}`);
      }
    } else {
      found.set(place, { path, value: JSON.stringify(value) });
    }
  };
  collect(stageSetSpec, spec, '', '');
  return found;
}
