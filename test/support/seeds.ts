/**
 * A seed that stays, and one that nobody has tried: a test names its seed, so a failure can be played again, with
 * `SEED=N` by that one alone. A round of a soak tries ten.
 */
export function seeds({ SEED, SOAK }: NodeJS.ProcessEnv = process.env): readonly number[] {
  const named = SEED === undefined ? undefined : Number(SEED);
  const fresh = (count: number) => Array.from({ length: count }, () => Math.floor(Math.random() * 1_000_000_000));
  if (SOAK !== undefined) return named === undefined ? fresh(SEEDS_OF_ROUND) : from(named);
  return named === undefined ? [1, ...fresh(1)] : [named];
}

export const isSoak = process.env.SOAK !== undefined;

/** Of the moments from 1 to `last`, those at which a test does its worst: in a soak all, else so many, as the newest seed draws them. */
export function momentsUpTo(last: number, some: number): readonly number[] {
  const all = Array.from({ length: last }, (_, at) => at + 1);
  if (isSoak) return all;
  const random = randomFrom(seeds().at(-1) ?? 1);
  return Array.from({ length: some }, () => all.splice(random.below(all.length), 1)[0] ?? 1).toSorted((a, b) => a - b);
}

/** Of a soak: the next round begins so many seeds later. */
export const SEEDS_OF_ROUND = 10;

function from(first: number): readonly number[] {
  return Array.from({ length: SEEDS_OF_ROUND }, (_, at) => first + at);
}

export interface Random {
  /** A whole number from 0 up to, not including, `end`. */
  below(end: number): number;
  pick<T>(choices: readonly T[]): T;
}

/** The same numbers for the same seed, on every machine (mulberry32). */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  const below = (end: number) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * end);
  };
  return {
    below,
    pick: <T>(choices: readonly T[]) => {
      if (choices.length === 0) throw new Error('nothing to pick from');
      return choices[below(choices.length)] as T;
    },
  };
}
