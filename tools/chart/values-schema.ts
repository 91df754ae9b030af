import { isGroup, type Schema, type Values } from './value.ts';

/** `values.schema.json`: a value that the chart does not know is an error. */
export function valuesSchema(values: Values): string {
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Values of stageset-controller',
    ...objectOf(values),
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** What Helm itself puts there, and what whoever has this chart among others may share. */
const ofHelm: Schema = { global: { type: 'object' } };

function objectOf(values: Values): Schema {
  const known = Object.entries(values).map(([key, value]) => {
    const description = value.says === undefined ? {} : { description: value.says };
    const rest = isGroup(value) ? within(value.values) : { ...value.schema, default: value.fallback };
    return [key, { ...description, ...rest }] as const;
  });
  return { type: 'object', additionalProperties: false, properties: { ...ofHelm, ...Object.fromEntries(known) } };
}

function within(values: Values): Schema {
  const { properties, ...rest } = objectOf(values);
  const { global: _global, ...own } = properties as Schema;
  return { ...rest, properties: own };
}
