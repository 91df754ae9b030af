import { stageSetSpec } from '../../../src/shared/api/schema/stage-set.ts';
import type { StageSetSpec } from '../../../src/shared/api/types.ts';
import { type Random, randomFrom, SEEDS_OF_ROUND } from '../../support/seeds.ts';
import { edited } from './edit.ts';
import { type Deed, deedsOf, deedsOfField, type FieldPath, fieldOf, fields, fieldsIn, violationsOf } from './fields.ts';
import { leftOut } from './left-out.ts';
import { isExpectedToSucceed, versionOf } from './luck.ts';

/** The spec to begin with and what a chain of edits makes of it: the same for the same seed. */
export function walkOf(seed: number, edits: number): readonly StageSetSpec[] {
  const random = randomFrom(seed);
  const open = toDo(seed, random);
  const specs: StageSetSpec[] = [firstSpec];
  let sound = firstSpec;
  let deployed: string | undefined;
  for (let at = 0; at < edits; at += 1) {
    // Out of a spec that fails by a random edit: that would take for ever. So back, and on from there.
    const next = nextOf(sound, { open, deployed, random });
    for (const deed of deedsOf(specs.at(-1) ?? firstSpec, next)) open.delete(deed);
    if (isExpectedToSucceed(next, deployed)) {
      sound = next;
      deployed = versionOf(next) ?? deployed;
    }
    specs.push(next);
  }
  return specs;
}

const firstSpec: StageSetSpec = {
  interval: '1h',
  version: { value: '1.0.0' }, // else no walk but that which seeks one would come to have migrations
  stages: [
    { name: 'base', sourceRef: { name: 'alpha' }, path: './app' },
    { name: 'web', sourceRef: { name: 'beta' }, path: 'app' },
  ],
};

/** All deeds there are, in the order in which this walk tries to do them: of each field one walk of a round takes care. */
function toDo(seed: number, random: Random): Set<Deed> {
  const turn = (at: number) => (at + seed) % SEEDS_OF_ROUND;
  const ordered = shuffled([...fields.entries()], random).toSorted(([a], [b]) => turn(a) - turn(b));
  return new Set(ordered.flatMap(([, field]) => deedsOfField(field)).filter((deed) => leftOut[deed] === undefined));
}

interface Walk {
  /** What it has not done yet. */
  readonly open: ReadonlySet<Deed>;
  /** The version. */
  readonly deployed: string | undefined;
  readonly random: Random;
}

/** A few steps away, each of which does something new as long as there is such a thing within reach. */
function nextOf(spec: StageSetSpec, { open, deployed, random }: Walk): StageSetSpec {
  const promised = new Set<Deed>();
  const step = (from: StageSetSpec, goal?: FieldPath, deed?: Deed): StageSetSpec | undefined => {
    const candidate = edited(stageSetSpec, from, '', goal, random) as StageSetSpec;
    const deeds = deedsOf(spec, candidate);
    const isNew = deed === undefined ? deeds.size > 0 : deeds.has(deed);
    return isNew && promised.isSubsetOf(deeds) && isValid(candidate) ? candidate : undefined;
  };
  const succeeds = (next: StageSetSpec) => isExpectedToSucceed(next, deployed);
  const fails = (next: StageSetSpec) => !succeeds(next);
  const shouldFail = random.below(6) === 0;
  const isFine = shouldFail ? () => true : succeeds;

  const present = fieldsIn(spec);
  const possible = new Set([...open].map((deed) => firstStepTo(deed, open, present)));
  let next = spec;
  let left = 2 + random.below(4);
  for (const deed of [...possible].slice(0, REACH)) {
    if (left === 0) break;
    const found = firstFound(TRIES, () => step(next, fieldOf(deed), deed), isFine);
    if (found === undefined) continue;
    next = found;
    promised.add(deed);
    left -= 1;
  }
  if (shouldFail && succeeds(next)) next = firstFound(TRIES, () => step(next), fails) ?? next;
  return next === spec ? (firstFound(Number.POSITIVE_INFINITY, () => step(next), isFine) ?? next) : next;
}

/** What is not there can only be set; what is taken away first could not be changed any more. */
function firstStepTo(deed: Deed, open: ReadonlySet<Deed>, present: ReadonlySet<FieldPath>): Deed {
  const field = fieldOf(deed);
  const [set, changed, removed] = deedsOfField(field);
  if (deed === set || !present.has(field)) return set;
  return open.has(changed) ? changed : removed;
}

/** So many deeds are tried, each so often, before an edit is left to chance. */
const REACH = 16;
const TRIES = 24;

function firstFound<T>(tries: number, find: () => T | undefined, isFine: (found: T) => boolean): T | undefined {
  for (let left = tries; left > 0; left -= 1) {
    const found = find();
    if (found !== undefined && isFine(found)) return found;
  }
  return undefined;
}

function isValid(spec: StageSetSpec): boolean {
  return spec.stages.length <= 4 && violationsOf(spec).length === 0;
}

function shuffled<T>(all: readonly T[], random: Random): readonly T[] {
  const order = all.map((each) => ({ each, at: random.below(2 ** 30) }));
  return order.toSorted((a, b) => a.at - b.at).map(({ each }) => each);
}
