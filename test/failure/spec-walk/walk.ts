import type { Schema, Struct } from '../../../src/shared/api/schema/language.ts';
import { stageSetSpec } from '../../../src/shared/api/schema/stage-set.ts';
import type { StageSetSpec } from '../../../src/shared/api/types.ts';
import { type Random, randomFrom } from '../../support/seeds.ts';
import { choices } from './choices.ts';
import { below, deedsOf, type FieldPath, isSupported, violationsOf } from './fields.ts';
import { isExpectedToSucceed } from './luck.ts';

/** The spec to begin with and what a chain of edits makes of it: the same for the same seed. */
export function walkOf(seed: number, edits: number): readonly StageSetSpec[] {
  const random = randomFrom(seed);
  const specs: StageSetSpec[] = [firstSpec];
  const done = new Set<string>();
  let sound = firstSpec;
  for (let at = 0; at < edits; at += 1) {
    // Out of a spec that fails by a random edit: that would take for ever. So back, and on from there.
    const next = nextOf(sound, done, random);
    for (const deed of deedsOf(specs.at(-1) ?? firstSpec, next)) done.add(deed);
    if (isExpectedToSucceed(next)) sound = next;
    specs.push(next);
  }
  return specs;
}

const firstSpec: StageSetSpec = {
  interval: '1h',
  stages: [
    { name: 'base', sourceRef: { name: 'alpha' }, path: './app' },
    { name: 'web', sourceRef: { name: 'beta' }, path: 'app' },
  ],
};

/** Of many edits the one that does most of what this walk has not done yet. */
function nextOf(spec: StageSetSpec, done: ReadonlySet<string>, random: Random): StageSetSpec {
  const mayFail = random.below(6) === 0;
  for (;;) {
    const candidates = Array.from({ length: 24 }, () => severalEdits(spec, random)).map((candidate) => {
      const deeds = deedsOf(spec, candidate);
      return { candidate, changes: deeds.size > 0, news: deeds.difference(done).size };
    });
    const best = candidates
      .toSorted((a, b) => b.news - a.news)
      .find(({ candidate, changes }) => changes && isValid(candidate) && (mayFail || isExpectedToSucceed(candidate)));
    if (best !== undefined) return best.candidate;
  }
}

function severalEdits(spec: StageSetSpec, random: Random): StageSetSpec {
  let next: unknown = spec;
  for (let left = 1 + random.below(4); left > 0; left -= 1) next = edited(stageSetSpec, next, '', random);
  return next as StageSetSpec;
}

function isValid(spec: StageSetSpec): boolean {
  return spec.stages.length <= 4 && violationsOf(spec).length === 0;
}

function edited(schema: Schema, value: unknown, path: FieldPath, random: Random): unknown {
  if (choices[path] !== undefined) return drawn(schema, path, random);
  if (schema.type === 'struct') return editedStruct(schema, value as Fields, path, random);
  if (schema.type === 'list') return editedList(schema.items, value as readonly unknown[], path, random);
  return drawn(schema, path, random);
}

type Fields = Readonly<Record<string, unknown>>;

function editedStruct(schema: Struct, value: Fields, path: FieldPath, random: Random): Fields {
  const drawable = drawableFields(schema, path);
  // Or what lies deep would hardly ever be reached.
  const deep = drawable.filter((each) => typeof value[each] === 'object');
  const field = deep.length > 0 && random.below(5) < 3 ? random.pick(deep) : random.pick(drawable);
  const each = schema.fields[field] as Schema;
  const at = below(path, field);
  const { [field]: present, ...rest } = value;
  if (present === undefined) return { ...value, [field]: drawn(each, at, random) };
  if (each.optional === true && random.below(5) === 0) return rest;
  return { ...value, [field]: edited(each, present, at, random) };
}

function editedList(items: Schema, value: readonly unknown[], path: FieldPath, random: Random): readonly unknown[] {
  const [from, to] = [random.below(value.length), random.below(value.length + 1)];
  const item = value[from];
  if (item === undefined || random.below(5) === 0)
    return [...value.slice(0, to), drawn(items, `${path}[]`, random), ...value.slice(to)];
  switch (random.below(6)) {
    case 0:
      return value.toSpliced(from, 1);
    case 1:
      return value.toSpliced(from, 1).toSpliced(to, 0, item);
    default:
      return value.with(from, edited(items, item, `${path}[]`, random));
  }
}

function drawn(schema: Schema, path: FieldPath, random: Random): unknown {
  const given = choices[path];
  if (given !== undefined) return random.pick(given);
  switch (schema.type) {
    case 'boolean':
      return random.below(2) === 0;
    case 'text':
      return random.pick(schema.values ?? []);
    case 'list':
      return Array.from({ length: 1 + random.below(2) }, () => drawn(schema.items, `${path}[]`, random));
    case 'struct': {
      const wanted = drawableFields(schema, path).filter(
        (field) => schema.fields[field]?.optional !== true || random.below(4) === 0,
      );
      return Object.fromEntries(
        wanted.map((field) => [field, drawn(schema.fields[field] as Schema, below(path, field), random)]),
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
    isSupported(below(path, field)) && isDrawable(each, below(path, field)) ? [field] : [],
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
