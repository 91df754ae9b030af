import { quoted } from '../../quoted.ts';
import type { Loader } from '../files/loader.ts';
import { textOfFile } from '../files/loader.ts';
import type { GeneratorArgs } from '../kustomization/shape.ts';
import { Problem } from '../problem.ts';

export interface KeyValues {
  readonly entries: ReadonlyMap<string, Uint8Array>;
  /** Whether a file among the sources was encrypted. */
  readonly sensitive: boolean;
}

/** What a generated ConfigMap or Secret holds: lines of env files, literals and whole files; a key comes once. */
export function readKeyValues({ envs = [], literals = [], files = [] }: GeneratorArgs, loader: Loader): KeyValues {
  const entries = new Map<string, Uint8Array>();
  let sensitive = false;
  const add = (key: string, bytes: Uint8Array) => {
    loader.room.take(2 * bytes.length);
    if (entries.has(key)) throw new Problem('conflict', `the key ${quoted(key)} is there twice`);
    entries.set(key, bytes);
  };
  const load = (path: string) => {
    const file = loader.load(path);
    sensitive ||= file.decrypted;
    return file.bytes;
  };
  for (const path of envs) {
    for (const [key, value] of readEnvFile(load(path), loader.name(path))) add(key, Buffer.from(value));
  }
  for (const literal of literals) {
    const [key, value] = parseLiteral(literal);
    add(key, Buffer.from(value));
  }
  for (const source of files) {
    const { key, path } = parseFileSource(source);
    add(key, load(path));
  }
  return { entries, sensitive };
}

type Pair = readonly [key: string, value: string];

/** Quotes and trailing spaces are part of a value; a key without `=` is empty. */
function readEnvFile(bytes: Uint8Array, name: string): readonly Pair[] {
  const lines = textOfFile(bytes, name)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/);
  return lines
    .map((line) => line.trimStart())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => splitAtEquals(line) ?? ([line, ''] as const))
    .filter(([key]) => key !== '');
}

function splitAtEquals(text: string): Pair | undefined {
  const equals = text.indexOf('=');
  return equals < 0 ? undefined : [text.slice(0, equals), text.slice(equals + 1)];
}

/** A value in quotes loses them, once. */
function parseLiteral(literal: string): Pair {
  const pair = splitAtEquals(literal);
  if (pair === undefined || pair[0] === '') throw new Problem('configuration', 'a literal is not key=value');
  const [key, value] = pair;
  const isQuoted = value.length > 1 && /^(["']).*\1$/s.test(value);
  return [key, isQuoted ? value.slice(1, -1) : value];
}

/** A path, which is also the key's name, or key=path. */
function parseFileSource(source: string): { readonly key: string; readonly path: string } {
  const [first = '', second, ...more] = source.split('=');
  if (second === undefined) return { key: baseName(source), path: source };
  if (more.length > 0 || first === '' || second === '') {
    throw new Problem('configuration', `files: ${quoted(source)} is neither a path nor key=path`);
  }
  return { key: first, path: second };
}

function baseName(path: string): string {
  return path.replace(/\/+$/, '').split('/').at(-1) ?? path;
}
