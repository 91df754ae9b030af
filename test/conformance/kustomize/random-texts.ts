import type { Random } from '../../support/seeds.ts';

/** A document that is written as it stands: a ConfigMap with texts in the styles that YAML has for several lines. */
export interface Texts {
  readonly texts: readonly string[];
}

export function isTexts(document: unknown): document is Texts {
  return typeof document === 'object' && document !== null && 'texts' in document;
}

export function configMapOf({ texts }: Texts): string {
  const data = texts.map((text, at) => `  k${at}: ${text}\n`).join('');
  return `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: texts}\ndata:\n${data}`;
}

export function randomTexts(random: Random): Texts {
  return { texts: Array.from({ length: 1 + random.below(6) }, () => randomText(random)) };
}

const lines = [
  'one',
  'two words',
  '',
  '',
  '  in',
  '    deeper',
  '\ttab',
  'trail ',
  'trail\t',
  ' ',
  '# c',
  '- x',
  'a: b',
  `${'long '.repeat(20)}on`,
  'é',
  '😀',
  '"q"',
  "it's",
  '...',
  '---',
  '%x',
  'a #b',
  'back\\slash',
  '{',
  '!t',
];

function randomText(random: Random): string {
  const drawn = Array.from({ length: 1 + random.below(6) }, () => random.pick(lines));
  // A block that begins with a tab is refused by both, but not at the same moment: another error may come first.
  const some = /^\n*\t/.test(drawn.join('\n')) ? ['first', ...drawn] : drawn;
  const indented = (each: readonly string[]) => each.map((line) => (line === '' ? '' : `    ${line}`)).join('\n');
  switch (random.pick(['|', '>', '"', "'", 'plain'])) {
    case '"': {
      const escaped = some.map((line) => line.replaceAll(/["\\]/g, '\\$&').replaceAll('\t', '\\t'));
      return `"${indented(escaped.map((line) => line + random.pick(['', '', '\\n', '\\']))).trimStart()}"`;
    }
    case "'":
      return `'${indented(some.map((line) => line.replaceAll("'", "''"))).trimStart()}'`;
    case 'plain':
      return `w ${indented(some.filter((line) => /^[a-z ]+$/.test(line))).trimStart()}`;
    default:
      return `${random.pick(['|', '>'])}${random.pick(['', '-', '+'])}${random.pick(['', '', '2'])}\n${indented(some)}`;
  }
}
