import type { Random } from '../../support/seeds.ts';
import type { Question } from './ask.ts';
import { configMap } from './config-map.ts';

const variables = {
  PORT: '80',
  HOST: 'example.com',
  EMPTY: '',
  PATHS: '/home/né/file.tar.gz',
  WORD: 'né',
  MIXED: 'aBc DeF',
  YES: 'yes',
  QUOTE: `it's "x"`,
  COLON: 'a: b',
  MAP: '{x: 1}',
  LIST: '[1, two]',
  HASH: 'a #b',
  LONG: `${'word '.repeat(30)}end`,
  TWO: 'a\nb',
  _x1: '-1',
};
const names = Object.keys(variables);
const strangeNames = ['GONE', 'É', '1x', ''];
const operators = [':-', ':=', '=', ':+', ':?', ':', '#', '##', '%', '%%'];
const replacements = ['/', '//', '/#', '/%'];
const wordless = ['', '^', '^^', ',', ',,', ',^', '-', '[0]'];
const offsets = ['0', '1', '2', '40', '-1', ' -2', '-40', '+1', '', '1_0', '0x1'];
const words = [
  '',
  'x',
  '1',
  '-1',
  ' -1',
  '2:1',
  '0:-1',
  '*',
  '*/',
  '.*',
  '?',
  '[a-c]',
  '[^/]*',
  '\\/',
  'e/x',
  '/',
  'a b',
  '$$',
  '\\',
  'é',
  '"',
  ': ',
  ' #',
  '}',
];
const texts = [
  '',
  ' ',
  'a',
  'é',
  '😀',
  'x\t',
  '"',
  "'",
  ': ',
  ':',
  ' #',
  '- ',
  '\n',
  '\n\n',
  '  ',
  '$',
  '$$',
  '\\',
  '{',
  '}',
  '&',
  '*',
  '80',
  '0x1',
  'yes',
  '~',
  '1e3',
  '2030-01-01',
  '12:30',
  '%',
  '@',
  '|',
  '>',
  '!',
  '---',
  'a longer piece of text that makes a line long enough to be folded',
  '\u00a0',
  '\r',
];

/** Flux's whole substitution, of an object full of odd texts. */
export function randomQuestion(random: Random): Question {
  const data = Object.fromEntries(
    Array.from({ length: 1 + random.below(4) }, () => [randomKey(random), randomValue(random, 2)]),
  );
  return { object: { ...configMap(data), extra: `\${PORT}${randomText(random)}` }, variables };
}

function randomValue(random: Random, depth: number): unknown {
  const kind = random.below(depth > 0 ? 10 : 8);
  if (kind < 6) return randomText(random);
  if (kind === 6) return random.pick([0, -1, 1.5, 1e21, 1e-7, 123456789.5, true, false, null]);
  if (kind === 7) return random.pick([{}, []]);
  const values = Array.from({ length: 1 + random.below(3) }, () => randomValue(random, depth - 1));
  return kind === 8 ? values : Object.fromEntries(values.map((value) => [randomKey(random), value]));
}

function randomText(random: Random): string {
  return Array.from({ length: random.below(4) }, () =>
    random.below(3) === 0 ? randomReference(random, 2) : random.pick(texts),
  ).join('');
}

/**
 * Kustomize prints Flux's result once more, and garbles some keys with quotes or white space in them; of keys that become
 * the same Go keeps one by chance.
 */
function randomKey(random: Random): string {
  return randomText(random).replace(/[\s"$\\]+/g, '.');
}

function randomReference(random: Random, depth: number): string {
  const name = random.pick(random.below(20) === 0 ? strangeNames : names);
  const word = () => (depth > 0 && random.below(5) === 0 ? randomReference(random, depth - 1) : random.pick(words));
  switch (random.below(8)) {
    case 0:
      return `\${#${name}}`;
    case 1:
    case 2:
      return `\${${name}}`;
    case 3:
      return `\${${name}${random.pick(wordless)}}`;
    case 4:
      return `\${${name}${random.pick(replacements)}${word()}/${word()}}`;
    case 5:
      return `\${${name}:${random.pick(offsets)}${random.pick(['', ':', ':'])}${random.pick(offsets)}}`;
    default:
      return `\${${name}${random.pick(operators)}${word()}${random.below(3) === 0 ? word() : ''}${random.below(30) === 0 ? '' : '}'}`;
  }
}
