import { API_VERSION } from '../../../src/shared/api/group.ts';
import type { Schema } from '../../../src/shared/api/schema/language.ts';
import { stageSetSpec } from '../../../src/shared/api/schema/stage-set.ts';
import type { StageSetSpec } from '../../../src/shared/api/types.ts';
import type { Violation } from '../../../src/shared/api/validate/violation.ts';
import { validateStageSet } from '../../../src/shared/api/validate.ts';

/** Where in the schema, such as `stages[].sourceRef.name`. */
export type FieldPath = string;

/** What they leave hangs on what stood before and when they ran: see the tests of each in test/integration. */
const hangsOnHistory = /^(?:version|migrations|rollbackOnFailure|stages\[\]\.actions)\b/;

/** Every field that holds a value of its own and whose effect a fresh install shows. */
export const supportedFields: readonly FieldPath[] = leavesOf(stageSetSpec, '').filter(
  (path) =>
    !hangsOnHistory.test(path) &&
    !violationsOf(specimen(stageSetSpec, '', path)).some(({ code }) => code === 'NotSupported'),
);

export function isSupported(path: FieldPath): boolean {
  return supportedFields.some(
    (field) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`),
  );
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

/** The least that has this field; its values mean nothing. */
function specimen(schema: Schema, path: FieldPath, wanted: FieldPath): unknown {
  switch (schema.type) {
    case 'text':
      return schema.values?.[0] ?? 'x';
    case 'integer':
      return 1;
    case 'boolean':
      return true;
    case 'dictionary':
      return {};
    case 'list':
      return [specimen(schema.items, `${path}[]`, wanted)];
    case 'struct': {
      const fields = Object.entries(schema.fields).filter(([field, { optional }]) => {
        const at = below(path, field);
        return !optional || wanted === at || wanted.startsWith(`${at}.`) || wanted.startsWith(`${at}[`);
      });
      return Object.fromEntries(fields.map(([field, each]) => [field, specimen(each, below(path, field), wanted)]));
    }
    default:
      return schema satisfies never;
  }
}

export const deeds = ['set', 'changed', 'removed'] as const;
type Deed = (typeof deeds)[number];

/** What an edit does to fields, as `stages[].path set`. */
export function deedsOf(before: StageSetSpec, after: StageSetSpec): ReadonlySet<string> {
  const [old, fresh] = [valuesIn(stageSetSpec, before, '', ''), valuesIn(stageSetSpec, after, '', '')];
  const done = new Set<string>();
  const note = (path: FieldPath, deed: Deed) => done.add(`${path} ${deed}`);
  for (const [place, { path, value }] of fresh) {
    const was = old.get(place);
    if (was === undefined) note(path, 'set');
    else if (was.value !== value) note(path, 'changed');
  }
  for (const [place, { path }] of old) if (!fresh.has(place)) note(path, 'removed');
  return done;
}

interface Value {
  readonly path: FieldPath;
  readonly value: string;
}

/** By place, such as `stages/0/path`. */
function valuesIn(schema: Schema, value: unknown, path: FieldPath, place: string): ReadonlyMap<string, Value> {
  if (value === undefined) return new Map();
  if (schema.type === 'list') {
    const items = value as readonly unknown[];
    return new Map(items.flatMap((item, at) => [...valuesIn(schema.items, item, `${path}[]`, `${place}/${at}`)]));
  }
  if (schema.type !== 'struct') return new Map([[place, { path, value: JSON.stringify(value) }]]);
  const fields = value as Readonly<Record<string, unknown>>;
  return new Map(
    Object.entries(schema.fields).flatMap(([field, each]) => [
      ...valuesIn(each, fields[field], below(path, field), `${place}/${field}`),
    ]),
  );
}
