import { type ByteText, fromBytes } from './byte-text.ts';
import type { Effort } from './effort.ts';

/** A class without its end, say. */
const BAD_PATTERN = Symbol('bad pattern');

type Rest = number | undefined | typeof BAD_PATTERN;

/** How much of `value`, from its start, a pattern takes away; a bad pattern takes nothing. */
export function prefixLength(
  value: ByteText,
  pattern: ByteText,
  which: 'shortest' | 'longest',
  effort: Effort,
): number {
  let shortest = 0;
  for (let end = value.length; end > 0; end--) {
    const matched = matches(pattern, value.slice(0, end), effort);
    if (matched === BAD_PATTERN) return 0;
    if (matched && which === 'longest') return end;
    if (matched) shortest = end;
  }
  return shortest;
}

/**
 * As Go's path.Match, but `*` and `?` match a slash too. What is between two stars has a fixed shape, so the first
 * place where it fits is as good as any.
 */
function matches(pattern: ByteText, name: ByteText, effort: Effort): boolean | typeof BAD_PATTERN {
  let at = 0;
  for (let next = 0; next < pattern.length; ) {
    const { hasStar, start, end } = chunkAt(pattern, next);
    next = end;
    if (hasStar && start === end) return true;
    const chunk = pattern.slice(start, end);
    const fitted = fit(chunk, end === pattern.length, hasStar, name, at, effort);
    if (typeof fitted !== 'number') return fitted ?? false;
    at = fitted;
  }
  return at === name.length;
}

/** Where the name goes on after the chunk. The last one has to reach the name's end. */
function fit(chunk: ByteText, isLast: boolean, hasStar: boolean, name: ByteText, from: number, effort: Effort): Rest {
  const lastStart = hasStar ? name.length : from;
  for (let start = from; start <= lastStart; start++) {
    effort.takeSteps(chunk.length);
    const rest = matchChunk(chunk, name, start);
    if (rest === BAD_PATTERN) return rest;
    if (rest !== undefined && (!isLast || rest === name.length)) return rest;
  }
  return undefined;
}

/** A run of stars, and what stands between it and the next star. */
function chunkAt(pattern: ByteText, from: number): { hasStar: boolean; start: number; end: number } {
  let start = from;
  while (pattern[start] === '*') start++;
  let inClass = false;
  let end = start;
  for (; end < pattern.length && (pattern[end] !== '*' || inClass); end++) {
    if (pattern[end] === '\\' && end + 1 < pattern.length) end++;
    else if (pattern[end] === '[') inClass = true;
    else if (pattern[end] === ']') inClass = false;
  }
  return { hasStar: start > from, start, end };
}

function matchChunk(chunk: ByteText, name: ByteText, from: number): Rest {
  let at = from;
  for (let index = 0; index < chunk.length; ) {
    if (at >= name.length) return undefined;
    switch (chunk[index]) {
      case '[': {
        const { code, length } = characterAt(name, at);
        at += length;
        const after = matchClass(chunk, index + 1, code);
        if (typeof after !== 'number') return after;
        index = after;
        break;
      }
      case '?':
        at += characterAt(name, at).length;
        index++;
        break;
      case '\\':
        index++;
        if (index === chunk.length) return BAD_PATTERN;
        if (chunk[index] !== name[at]) return undefined;
        index++;
        at++;
        break;
      default:
        if (chunk[index] !== name[at]) return undefined;
        index++;
        at++;
    }
  }
  return at;
}

/** Where the chunk goes on after a class that holds the character. */
function matchClass(chunk: ByteText, from: number, code: number): Rest {
  const isNegated = chunk[from] === '^';
  let index = isNegated ? from + 1 : from;
  let holds = false;
  for (let ranges = 0; ranges === 0 || chunk[index] !== ']'; ranges++) {
    const low = classCharacter(chunk, index);
    if (low === undefined) return BAD_PATTERN;
    index = low.next;
    let high = low;
    if (chunk[index] === '-') {
      const end = classCharacter(chunk, index + 1);
      if (end === undefined) return BAD_PATTERN;
      high = end;
      index = end.next;
    }
    if (low.code <= code && code <= high.code) holds = true;
  }
  return holds === isNegated ? undefined : index + 1;
}

function classCharacter(chunk: ByteText, from: number): { code: number; next: number } | undefined {
  const first = chunk[from];
  if (first === undefined || first === '-' || first === ']') return undefined;
  const index = first === '\\' ? from + 1 : from;
  if (index >= chunk.length) return undefined;
  const { code, length } = characterAt(chunk, index);
  const next = index + length;
  const isBroken = code === 0xfffd && length === 1;
  return isBroken || next >= chunk.length ? undefined : { code, next };
}

/** A byte that begins no character counts as U+FFFD. */
function characterAt(bytes: ByteText, at: number): { code: number; length: number } {
  const lead = bytes.charCodeAt(at);
  if (lead < 0x80) return { code: lead, length: 1 };
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  const text = fromBytes(bytes.slice(at, at + length));
  const code = text.codePointAt(0) ?? 0xfffd;
  return code === 0xfffd && bytes.slice(at, at + 3) !== '\u00ef\u00bf\u00bd' ? { code, length: 1 } : { code, length };
}
