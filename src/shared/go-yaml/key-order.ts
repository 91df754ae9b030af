const LETTER = /^\p{L}$/u;
const DIGIT = /^\p{Nd}$/u;

/** The order in which Go's YAML printer puts keys: digits by the number that they make, before letters. */
export function compareKeys(a: string, b: string): number {
  const left = [...a];
  const right = [...b];
  const at = left.findIndex((character, index) => character !== right[index]);
  if (at < 0 || at >= right.length) return left.length - right.length;
  const leftIsLetter = LETTER.test(left[at] ?? '');
  const rightIsLetter = LETTER.test(right[at] ?? '');
  if (leftIsLetter !== rightIsLetter) return rightIsLetter ? -1 : 1;
  return (leftIsLetter ? 0 : compareNumbers(left, right, at)) || codePoint(left, at) - codePoint(right, at);
}

/** The digits from here on; what is equal so far and ends in a number makes a zero here count. */
function compareNumbers(left: readonly string[], right: readonly string[], at: number): number {
  const isZero = left[at] === '0' || right[at] === '0';
  const head = isZero && endsInNumber(left, at) ? 1n : 0n;
  const [leftDigits, rightDigits] = [digitsFrom(left, at), digitsFrom(right, at)];
  const difference = numberOf(head, leftDigits) - numberOf(head, rightDigits);
  if (difference !== 0n) return difference < 0n ? -1 : 1;
  return leftDigits.length - rightDigits.length;
}

function endsInNumber(characters: readonly string[], end: number): boolean {
  for (let at = end - 1; at >= 0 && DIGIT.test(characters[at] ?? ''); at--) {
    if (characters[at] !== '0') return true;
  }
  return false;
}

function digitsFrom(characters: readonly string[], start: number): readonly string[] {
  let end = start;
  while (end < characters.length && DIGIT.test(characters[end] ?? '')) end++;
  return characters.slice(start, end);
}

/** In Go's 64 bits, overflow included. */
function numberOf(head: bigint, digits: readonly string[]): bigint {
  return digits.reduce((number, digit) => BigInt.asIntN(64, number * 10n + BigInt(codePoint([digit], 0) - 0x30)), head);
}

function codePoint(characters: readonly string[], at: number): number {
  return characters[at]?.codePointAt(0) ?? 0;
}
