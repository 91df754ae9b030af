import type { Schema, Struct } from '../../../src/shared/api/schema/language.ts';
import type { Random } from '../../support/seeds.ts';
import { choices } from './choices.ts';
import { below, type FieldPath, isOnTheWay } from './fields.ts';

/** Where an edit is to do something; anywhere where it is undefined. */
type Goal = FieldPath | undefined;

/** A value as one edit may leave it, drawn from its schema. Whether it is valid is another question. */
export function edited(schema: Schema, value: unknown, path: FieldPath, goal: Goal, random: Random): unknown {
  if (choices[path] !== undefined) return drawn(schema, path, goal, random);
  if (schema.type === 'struct') return editedStruct(schema, value as Fields, path, goal, random);
  if (schema.type === 'list') return editedList(schema.items, value as readonly unknown[], path, goal, random);
  return drawn(schema, path, goal, random);
}

type Fields = Readonly<Record<string, unknown>>;

function editedStruct(schema: Struct, value: Fields, path: FieldPath, goal: Goal, random: Random): Fields {
  const field = goal === undefined ? anyField(schema, value, path, random) : fieldTo(schema, path, goal);
  const each = schema.fields[field] as Schema;
  const at = below(path, field);
  const { [field]: present, ...rest } = value;
  if (present === undefined) return { ...value, [field]: drawn(each, at, goal, random) };
  if (each.optional === true && random.below(goal === at ? 2 : 5) === 0) return rest;
  return { ...value, [field]: edited(each, present, at, goal, random) };
}

function anyField(schema: Struct, value: Fields, path: FieldPath, random: Random): string {
  const drawable = drawableFields(schema, path);
  // Or what lies deep would hardly ever be reached.
  const deep = drawable.filter((each) => typeof value[each] === 'object');
  return deep.length > 0 && random.below(5) < 3 ? random.pick(deep) : random.pick(drawable);
}

function fieldTo(schema: Struct, path: FieldPath, goal: FieldPath): string {
  const found = Object.keys(schema.fields).find((field) => isOnTheWay(below(path, field), goal));
  if (found === undefined) throw new Error(`no field of ${path} leads to ${goal}`);
  return found;
}

function editedList(
  items: Schema,
  value: readonly unknown[],
  path: FieldPath,
  goal: Goal,
  random: Random,
): readonly unknown[] {
  const within = (at: number) => value.with(at, edited(items, value[at], `${path}[]`, goal, random));
  // Where the goal is not reached yet it can only be set.
  const holders = [...value.keys()].filter((at) => holds(items, value[at], `${path}[]`, goal));
  if (holders.length > 0 && random.below(4) > 0) return within(random.pick(holders));

  const [from, to] = [random.below(value.length), random.below(value.length + 1)];
  const item = value[from];
  if (item === undefined || random.below(5) === 0)
    return [...value.slice(0, to), drawn(items, `${path}[]`, goal, random), ...value.slice(to)];
  switch (random.below(6)) {
    case 0:
      return value.toSpliced(from, 1);
    case 1:
      return value.toSpliced(from, 1).toSpliced(to, 0, item);
    default:
      return within(from);
  }
}

function holds(schema: Schema, value: unknown, path: FieldPath, goal: Goal): boolean {
  if (goal === undefined || value === undefined || !isOnTheWay(path, goal)) return false;
  if (schema.type === 'list') {
    return (value as readonly unknown[]).some((item) => holds(schema.items, item, `${path}[]`, goal));
  }
  if (schema.type !== 'struct') return true;
  return Object.entries(value as Fields).some(([field, each]) =>
    holds(schema.fields[field] as Schema, each, below(path, field), goal),
  );
}

function drawn(schema: Schema, path: FieldPath, goal: Goal, random: Random): unknown {
  const given = choices[path];
  if (given !== undefined) {
    const helpful = given.filter((each) => holds(schema, each, path, goal));
    return random.pick(helpful.length > 0 && random.below(4) > 0 ? helpful : given);
  }
  switch (schema.type) {
    case 'boolean':
      return random.below(2) === 0;
    case 'text':
      return random.pick(schema.values ?? []);
    case 'list':
      return Array.from({ length: 1 + random.below(2) }, () => drawn(schema.items, `${path}[]`, goal, random));
    case 'struct': {
      const wanted = drawableFields(schema, path).filter((field) => {
        const isAskedFor = goal !== undefined && isOnTheWay(below(path, field), goal);
        return isAskedFor || schema.fields[field]?.optional !== true || random.below(4) === 0;
      });
      return Object.fromEntries(
        wanted.map((field) => [field, drawn(schema.fields[field] as Schema, below(path, field), goal, random)]),
      );
    }
    case 'integer':
    case 'dictionary':
      throw new Error(`${path} has no choices: see choices.ts`);
    default:
      return schema satisfies never;
  }
}

/** A field of which nobody has said yet what it may hold is left alone; the record of what was done tells of it. */
function drawableFields(schema: Struct, path: FieldPath): readonly string[] {
  return Object.entries(schema.fields).flatMap(([field, each]) =>
    isDrawable(each, below(path, field)) ? [field] : [],
  );
}

function isDrawable(schema: Schema, path: FieldPath): boolean {
  if (choices[path] !== undefined || schema.type === 'boolean') return true;
  if (schema.type === 'text') return schema.values !== undefined;
  if (schema.type === 'list') return isDrawable(schema.items, `${path}[]`);
  if (schema.type !== 'struct') return false;
  const fields = Object.entries(schema.fields);
  const ofNeed = fields.filter(([, each]) => each.optional !== true);
  const asked = ofNeed.length > 0 ? ofNeed : fields;
  const drawable = asked.filter(([field, each]) => isDrawable(each, below(path, field)));
  return ofNeed.length > 0 ? drawable.length === ofNeed.length : drawable.length > 0;
}
