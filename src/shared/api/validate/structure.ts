import { parseDurationMs } from '../../time/duration.ts';
import type { Dictionary, Integer, List, Schema, Static, Struct, Text } from '../schema/language.ts';
import { isDateTime } from './date-time.ts';
import type { Sound } from './sound.ts';
import { quoted, type Violation, violation } from './violation.ts';

export type Report = (violation: Violation) => void;

/**
 * Checks a value of any origin against a schema and hands back what of it is sound. Fields that the schema does not know are left out, as
 * the API server would: a newer version may have added them.
 */
export function checkStructure<S extends Schema>(
  value: unknown,
  schema: S,
  path: string,
  report: Report,
): Sound<Static<S>> | null {
  return check(value, schema, { path, report }) as Sound<Static<S>> | null;
}

interface Place {
  readonly path: string;
  readonly report: Report;
}

/** The sound part of the value, or null. */
function check(value: unknown, schema: Schema, place: Place): unknown {
  switch (schema.type) {
    case 'boolean':
      return typeof value === 'boolean' ? value : wrongType(value, 'true or false', place);
    case 'integer':
      return typeof value === 'number' ? checkInteger(value, schema, place) : wrongType(value, 'a number', place);
    case 'text':
      return typeof value === 'string' ? checkText(value, schema, place) : wrongType(value, 'a string', place);
    case 'list':
      return Array.isArray(value) ? checkList(value, schema, place) : wrongType(value, 'a list', place);
    case 'dictionary':
      return isMapping(value) ? checkDictionary(value, schema, place) : wrongType(value, 'an object', place);
    case 'struct':
      return isMapping(value) ? checkStruct(value, schema, place) : wrongType(value, 'an object', place);
    default:
      return schema satisfies never;
  }
}

function wrongType(value: unknown, wanted: string, { path, report }: Place): null {
  report(violation(path, 'WrongType', `must be ${wanted}, not ${typeName(value)}`));
  return null;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (value === undefined) return 'missing';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `a ${typeof value}`;
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function checkInteger(value: number, schema: Integer, { path, report }: Place): number | null {
  const { minimum = Number.MIN_SAFE_INTEGER, maximum = Number.MAX_SAFE_INTEGER } = schema;
  if (!Number.isInteger(value)) report(violation(path, 'WrongType', 'must be a whole number'));
  else if (value < minimum) report(violation(path, 'OutOfRange', `must be at least ${minimum}`));
  else if (value > maximum) report(violation(path, 'OutOfRange', `must be at most ${maximum}`));
  else return value;
  return null;
}

function checkText(value: string, schema: Text, { path, report }: Place): string | null {
  const problem = textProblem(value, schema);
  if (problem === undefined) return value;
  report(violation(path, ...problem));
  return null;
}

function textProblem(value: string, schema: Text): ['NotAllowed' | 'Malformed' | 'OutOfRange', string] | undefined {
  const { values, minLength = 0, maxLength, pattern, format } = schema;
  if (values !== undefined && !values.includes(value)) {
    return ['NotAllowed', `must be one of ${values.join(', ')}, not ${quoted(value)}`];
  }
  if (value.length < minLength) return ['OutOfRange', 'must not be empty'];
  if (maxLength !== undefined && value.length > maxLength)
    return ['OutOfRange', `must have at most ${maxLength} characters`];
  if (pattern !== undefined && !compiled(pattern).test(value)) {
    return ['Malformed', `must be ${schema.kindOfText ?? 'well-formed'}, not ${quoted(value)}`];
  }
  if (format === 'date-time' && !isDateTime(value)) {
    return ['Malformed', `must be a time such as 2026-12-24T00:00:00Z, not ${quoted(value)}`];
  }
  return format === 'duration' ? durationProblem(value, schema) : undefined;
}

function durationProblem(value: string, schema: Text): ['Malformed' | 'OutOfRange', string] | undefined {
  const ms = parseDurationMs(value);
  if (ms === undefined) return ['Malformed', `must be a duration such as 1h30m, not ${quoted(value)}`];
  if (ms < 0) return ['OutOfRange', `must not be negative, as ${value} is`];
  return schema.positive === true && ms === 0 ? ['OutOfRange', 'must be more than 0'] : undefined;
}

const patterns = new Map<string, RegExp>();

function compiled(pattern: string): RegExp {
  const known = patterns.get(pattern);
  if (known !== undefined) return known;
  const regExp = new RegExp(pattern, 'u');
  patterns.set(pattern, regExp);
  return regExp;
}

function checkList(value: readonly unknown[], schema: List, place: Place): unknown[] {
  const { path, report } = place;
  if (value.length < (schema.minItems ?? 0)) report(violation(path, 'OutOfRange', `needs at least ${schema.minItems}`));
  const items = value.map((item, index) => check(item, schema.items, { path: `${path}[${index}]`, report }));
  if (schema.namedBy !== undefined) reportDuplicates(items, schema.namedBy, place);
  return items;
}

function reportDuplicates(items: readonly unknown[], namedBy: string, { path, report }: Place): void {
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    const name = isMapping(item) ? item[namedBy] : undefined;
    if (typeof name !== 'string') continue;
    if (seen.has(name)) {
      report(
        violation(`${path}[${index}].${namedBy}`, 'Duplicate', `${quoted(name)} is already the ${namedBy} of another`),
      );
    }
    seen.add(name);
  }
}

function checkDictionary(
  value: Readonly<Record<string, unknown>>,
  schema: Dictionary,
  { path, report }: Place,
): unknown {
  const entries: [string, unknown][] = [];
  for (const [key, item] of Object.entries(value)) {
    const at = `${path}[${quoted(key)}]`;
    if (key === '__proto__') report(violation(at, 'ForbiddenKey', 'is no key to use'));
    else if (schema.keyPattern !== undefined && !compiled(schema.keyPattern).test(key)) {
      report(violation(at, 'Malformed', `the key must match ${schema.keyPattern}`));
    } else entries.push([key, check(item, schema.values, { path: at, report })]);
  }
  return Object.fromEntries(entries);
}

/** Reads only fields of the value's own that the schema declares. Null counts as absent: the API server drops it. */
function checkStruct(value: Readonly<Record<string, unknown>>, schema: Struct, { path, report }: Place): unknown {
  if (Object.hasOwn(value, '__proto__')) report(violation(`${path}.__proto__`, 'ForbiddenKey', 'is no key to use'));
  const sound: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(schema.fields)) {
    const at = `${path}.${name}`;
    const given = Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
    if (given !== undefined) sound[name] = check(given, field, { path: at, report });
    else if (field.optional === undefined) report(violation(at, 'Missing', 'is required'));
  }
  return sound;
}
