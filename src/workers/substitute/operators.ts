import { type ByteText, fromBytes, toBytes } from './byte-text.ts';
import type { Effort } from './effort.ts';
import { prefixLength } from './glob.ts';
import { firstToCase, toCase } from './letter-case.ts';

export type Operator = (value: ByteText, words: readonly ByteText[], effort: Effort) => ByteText;

const orDefault: Operator = (value, words) => (value === '' ? words.join('') : value);

/** What Flux does under each name, whatever a shell would. */
const operators: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['=', orDefault],
  [':=', orDefault],
  [':-', orDefault],
  [':?', orDefault],
  [':+', orDefault],
  [':', substring],
  [',', (value) => firstToCase(value, 'lower')],
  [',,', (value) => toCase(value, 'lower')],
  ['^', (value) => firstToCase(value, 'upper')],
  ['^^', (value) => toCase(value, 'upper')],
  ['#', withoutPrefix('shortest')],
  ['##', withoutPrefix('longest')],
  ['%', withoutSuffix('shortest')],
  ['%%', withoutSuffix('longest')],
  ['/', (value, [pattern = '', replacement = ''], effort) => replaceFirst(value, pattern, replacement, effort)],
  ['//', replaceAll],
  ['/#', replacePrefix],
  ['/%', replaceSuffix],
]);

/** `,^` and `^,` can be written and do nothing. */
const unchanged: Operator = (value) => value;

export function operatorNamed(name: string): Operator {
  return operators.get(name) ?? unchanged;
}

/** These have an answer for a variable that is not there. */
export function suppliesDefault(name: string | undefined): boolean {
  return name !== undefined && operators.get(name) === orDefault;
}

/** An offset or a length that is no number: the whole value. */
function substring(value: ByteText, [offsetWord = '', lengthWord]: readonly ByteText[]): ByteText {
  const offset = wholeNumber(offsetWord);
  if (offset === undefined) return value;
  const start = offset < 0 ? Math.max(0, value.length + offset) : offset;
  if (lengthWord === undefined) return value.slice(start);
  const length = wholeNumber(lengthWord);
  if (length === undefined) return value;
  const end = length < 0 ? value.length + length : start + length;
  return end < start ? '' : value.slice(start, end);
}

/** As Go's Atoi: a sign and digits, no space, within 64 bits. */
function wholeNumber(word: ByteText): number | undefined {
  if (!/^[-+]?\d+$/.test(word)) return undefined;
  const number = Number(word);
  return number >= -(2 ** 63) && number < 2 ** 63 ? number : undefined;
}

function withoutPrefix(which: 'shortest' | 'longest'): Operator {
  return (value, [pattern], effort) => {
    // Without a pattern this is the length: `${#name}`.
    if (pattern === undefined) return String(value.length);
    return value.slice(prefixLength(value, pattern, which, effort));
  };
}

/** A suffix is a prefix read backwards; so is the pattern, whose classes and escapes Flux leaves broken by that. */
function withoutSuffix(which: 'shortest' | 'longest'): Operator {
  return (value, [pattern = ''], effort) => {
    const backwards = reversed(value);
    return reversed(backwards.slice(prefixLength(backwards, reversed(pattern), which, effort)));
  };
}

function reversed(bytes: ByteText): ByteText {
  return toBytes([...fromBytes(bytes)].reverse().join(''));
}

/** Patterns of replacements are literal; an empty one is found before every character. */
function replaceAll(value: ByteText, words: readonly ByteText[], effort: Effort): ByteText {
  const [pattern = '', replacement = ''] = words;
  const pieces = pattern === '' ? ['', ...Array.from(fromBytes(value), toBytes), ''] : value.split(pattern);
  effort.takeBytes(value.length + (pieces.length - 1) * replacement.length);
  return pieces.join(replacement);
}

function replaceFirst(value: ByteText, pattern: ByteText, replacement: ByteText, effort: Effort): ByteText {
  const at = value.indexOf(pattern);
  if (at < 0) return value;
  effort.takeBytes(value.length + replacement.length);
  return value.slice(0, at) + replacement + value.slice(at + pattern.length);
}

/** Unlike the other two these want a replacement: `${A/#b/}` changes nothing. */
function replacePrefix(value: ByteText, words: readonly ByteText[], effort: Effort): ByteText {
  const [pattern = '', replacement] = words;
  if (replacement === undefined || !value.startsWith(pattern)) return value;
  return replaceFirst(value, pattern, replacement, effort);
}

function replaceSuffix(value: ByteText, words: readonly ByteText[], effort: Effort): ByteText {
  const [pattern = '', replacement] = words;
  if (replacement === undefined || !value.endsWith(pattern)) return value;
  effort.takeBytes(value.length + replacement.length);
  return value.slice(0, value.length - pattern.length) + replacement;
}
