import type { Flag } from './flag.ts';
import type { FlagTable } from './parse.ts';

export interface FlagGroup {
  readonly title: string;
  readonly flags: FlagTable;
}

const WIDTH = 80;
const INDENT = 8;

/** For a terminal of 80 columns, groups in their order. */
export function helpText(program: string, groups: readonly FlagGroup[]): string {
  const sections = groups.flatMap(({ title, flags }) => ['', `${title}:`, ...Object.values(flags).flatMap(entry)]);
  return [
    `Usage: ${program} [flags]`,
    ...sections,
    '',
    'And:',
    ...['  --version', '  --help'],
    '',
    'A value comes after "=" or as the next argument; a switch’s only after "=".',
    '',
  ].join('\n');
}

/** What stands where the flag is absent, as one would write it; empty where there is nothing to write. */
export function defaultOf({ fallback, fallbackText }: Flag<unknown>): string {
  return fallbackText ?? String(fallback);
}

function entry(flag: Flag<unknown>): readonly string[] {
  const stands = defaultOf(flag);
  const facts = [
    flag.help,
    ...(flag.repeats ? ['Repeatable.'] : []),
    ...(flag.environment === undefined ? [] : [`Also from $${flag.environment}.`]),
    ...(stands === '' || stands === 'false' ? [] : [`Default: ${stands}.`]),
  ];
  const left = `  --${flag.name}${flag.value === undefined ? '' : ` ${flag.value}`}`;
  return [left, ...wrapped(facts.join(' ')).map((line) => `${' '.repeat(INDENT)}${line}`)];
}

function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && INDENT + line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}
