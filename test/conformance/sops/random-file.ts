import type { Random } from '../../support/seeds.ts';

const texts = [
  '',
  'x',
  'é',
  '😀',
  ' ',
  'a b',
  'a: b',
  '# x',
  "it's",
  '"',
  'yes',
  '007',
  '1e3',
  '2030-01-01',
  'a\nb',
  'a\nb\n',
  '\n',
  '\ta',
  '- x',
  '~',
  '{',
  '*a',
  '%',
  '<&>',
  'ENC[x]',
  'one\n  two\n\n',
  '12:30',
  '\u0007',
];
const keys = ['a', 'b', 'name', 'data', 'x_unencrypted', 'with space', 'yes', '1', 'é', 'k-1', 'a.b', 'UPPER'];
const scalars = [0, 1, -5, 1.5, 1e21, 1e-7, 123456789.25, true, false, null];

/** A file in one of the formats, with values that are hard to print. */
export function randomPlainFile(random: Random): { readonly path: string; readonly plain: string } {
  const path = random.pick(['a.yaml', 'a.yaml', 'a.json', 'a.env']);
  if (path === 'a.env') {
    const lines = Array.from(
      { length: 1 + random.below(4) },
      (_, at) => `K${at}=${random.pick(texts).replace(/\n/g, '\\n')}\n`,
    );
    return { path, plain: lines.join('') };
  }
  // JSON is YAML, too, and says exactly what is meant.
  return { path, plain: JSON.stringify(randomMap(random, 3)) };
}

function randomMap(random: Random, depth: number): Record<string, unknown> {
  const entries = Array.from({ length: 1 + random.below(4) }, () => [
    random.pick(keys),
    randomValue(random, depth - 1),
  ]);
  return Object.fromEntries(entries);
}

function randomValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 8 : 5);
  if (kind < 3) return random.pick(texts) + random.pick(['', '', 'z', ' ']);
  if (kind < 5) return random.pick(scalars);
  if (kind < 7) return randomMap(random, depth);
  return Array.from({ length: random.below(4) }, () => randomValue(random, depth - 1));
}
