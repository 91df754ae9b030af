import type { Schema } from './schema/language.ts';
import { stageSetSpec } from './schema/stage-set.ts';

/** The fields of a StageSet's spec that its schema does not know: the API server drops them without a word. */
export function unknownFields(spec: unknown): readonly string[] {
  return [...unknownIn(spec, stageSetSpec, 'spec')];
}

function* unknownIn(value: unknown, schema: Schema, path: string): Generator<string> {
  if (schema.type === 'list' && Array.isArray(value)) {
    for (const [index, item] of value.entries()) yield* unknownIn(item, schema.items, `${path}[${index}]`);
  } else if (schema.type === 'dictionary') {
    for (const [key, item] of entriesOf(value)) yield* unknownIn(item, schema.values, `${path}.${key}`);
  } else if (schema.type === 'struct') {
    for (const [key, item] of entriesOf(value)) {
      const field = Object.hasOwn(schema.fields, key) ? schema.fields[key] : undefined;
      if (field === undefined) yield `${path}.${key}`;
      else yield* unknownIn(item, field, `${path}.${key}`);
    }
  }
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : [];
}
