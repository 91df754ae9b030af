import { type ByteText, fromBytes, toBytes } from './byte-text.ts';

export type LetterCase = 'upper' | 'lower';

export function toCase(value: ByteText, letterCase: LetterCase): ByteText {
  return toBytes(Array.from(fromBytes(value), (character) => caseOf(character, letterCase)).join(''));
}

export function firstToCase(value: ByteText, letterCase: LetterCase): ByteText {
  const [first = '', ...rest] = fromBytes(value);
  return toBytes(caseOf(first, letterCase) + rest.join(''));
}

/** One character for one, as in Go: JavaScript makes SS of ß. */
function caseOf(character: string, letterCase: LetterCase): string {
  const changed = letterCase === 'upper' ? character.toUpperCase() : character.toLowerCase();
  if ([...changed].length <= 1) return changed;
  return simpleCases.get(character) ?? character;
}

/** Those for which JavaScript has several characters and Unicode's simple mapping has another one. */
const simpleCases: ReadonlyMap<string, string> = new Map([
  ['İ', 'i'],
  ...[0x1f80, 0x1f90, 0x1fa0].flatMap((row) =>
    Array.from({ length: 8 }, (_, at): [string, string] => [
      String.fromCodePoint(row + at),
      String.fromCodePoint(row + at + 8),
    ]),
  ),
  ['ᾳ', 'ᾼ'],
  ['ῃ', 'ῌ'],
  ['ῳ', 'ῼ'],
]);
