import type { Schema } from '../../../src/shared/api/schema/language.ts';
import { stageSetSpec } from '../../../src/shared/api/schema/stage-set.ts';
import { choices } from './choices.ts';
import { below, type FieldPath } from './fields.ts';

/** All that a walk may put there. */
export function valuesOf(field: FieldPath): ReadonlySet<string> {
  const found = new Set<string>();
  const collect = (schema: Schema, path: FieldPath, given: readonly unknown[] | undefined): void => {
    const values = choices[path] ?? given;
    if (path === field) {
      for (const value of values ?? ownValues(schema)) found.add(JSON.stringify(value));
    } else if (schema.type === 'list') {
      collect(schema.items, `${path}[]`, values?.flat());
    } else if (schema.type === 'struct') {
      for (const [name, each] of Object.entries(schema.fields)) {
        const ofField = values?.flatMap((value) => (value as Readonly<Record<string, unknown>>)[name] ?? []);
        collect(each, below(path, name), ofField);
      }
    }
  };
  collect(stageSetSpec, '', undefined);
  return found;
}

function ownValues(schema: Schema): readonly unknown[] {
  if (schema.type === 'boolean') return [true, false];
  return schema.type === 'text' ? (schema.values ?? []) : [];
}
