import { parseFloatingPoint, parseInteger } from '../yaml/number.ts';
import { parseTimestamp } from '../yaml/timestamp.ts';

const words: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ...spelled(true, 'y', 'yes', 'true', 'on'),
  ...spelled(false, 'n', 'no', 'false', 'off'),
  ...spelled(null, '', '~', 'null'),
]);

/** What an unquoted text is in Go's YAML 1.1; text, dates among it, is undefined. */
export function implicitValue(text: string): boolean | null | number | bigint | undefined {
  const word = words.get(text);
  if (word !== undefined) return word;
  if (!/^[-+.\d]/.test(text)) return undefined;
  return parseInteger(text) ?? parseFloatingPoint(text);
}

const BASE_60 = /^[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/;

/** Whether a text stays text when it stands there without quotes. */
export function staysText(text: string): boolean {
  if (implicitValue(text) !== undefined) return false;
  return parseTimestamp(text) === undefined && !BASE_60.test(text);
}

/** In lower case, capitalised and in upper case. */
function spelled<T>(value: T, ...spellings: readonly string[]): readonly (readonly [string, T])[] {
  return spellings.flatMap((word) =>
    [word, word.charAt(0).toUpperCase() + word.slice(1), word.toUpperCase()].map((text) => [text, value] as const),
  );
}
