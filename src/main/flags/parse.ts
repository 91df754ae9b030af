import type { Flag } from './flag.ts';

export type FlagTable = Readonly<Record<string, Flag<unknown>>>;
export type ValuesOf<T extends FlagTable> = { readonly [K in keyof T]: T[K]['fallback'] };

export type Parsed<T extends FlagTable> =
  | { readonly is: 'run'; readonly settings: ValuesOf<T> }
  | { readonly is: 'help' }
  | { readonly is: 'version' }
  | { readonly is: 'wrong'; readonly message: string };

export type Environment = Readonly<Record<string, string | undefined>>;

/** `--name=value`, `--name value`, `--switch`; one dash does as well, as Go programs have it. */
export function parseFlags<const T extends FlagTable>(
  table: T,
  args: readonly string[],
  environment: Environment = {},
): Parsed<T> {
  const byName = new Map(Object.entries(table).map(([key, flag]) => [flag.name, { key, flag }]));
  const values: Record<string, unknown> = Object.fromEntries(
    Object.entries(table).map(([key, flag]) => [key, flag.fallback]),
  );
  const given = new Set<string>();
  const rest = [...args];
  for (let arg = rest.shift(); arg !== undefined; arg = rest.shift()) {
    const match = /^--?([a-z][\w-]*)(?:=(.*))?$/s.exec(arg);
    // By its place only: it may be a secret that lost its flag.
    if (match === null) return wrong(`argument ${args.length - rest.length} is not a flag; see --help`);
    const [, name = '', inline] = match;
    if (name === 'help' || name === 'h') return { is: 'help' };
    if (name === 'version') return { is: 'version' };
    const found = byName.get(name);
    if (found === undefined) return wrong(`unknown flag --${name}; see --help`);
    const text = inline ?? (found.flag.value === undefined ? 'true' : rest.shift());
    if (text === undefined) return wrong(`--${name} wants a value`);
    const read = found.flag.read(text);
    if (!read.ok) return wrong(`--${name} ${read.problem}`);
    if (text !== '') given.add(found.key);
    values[found.key] = found.flag.repeats ? gathered(values[found.key], read.value) : read.value;
  }
  for (const [key, { environment: variable = '', read }] of Object.entries(table)) {
    const text = environment[variable] ?? '';
    if (given.has(key) || text === '') continue;
    const result = read(text);
    if (!result.ok) return wrong(`${variable} ${result.problem}`);
    values[key] = result.value;
  }
  return { is: 'run', settings: values as ValuesOf<T> };
}

function gathered(before: unknown, more: unknown): readonly unknown[] {
  return [before, more].flat();
}

/** One line, whatever was quoted. */
function wrong(message: string): { readonly is: 'wrong'; readonly message: string } {
  return { is: 'wrong', message: message.replace(/\p{Cc}+/gu, ' ') };
}
