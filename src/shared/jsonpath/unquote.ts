const SIMPLE: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
};

const PIECE = /[^\\]|\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{3})|(.))/suy;

/** What a quoted string stands for, its escapes being Go's. Undefined where one is wrong. */
export function unquote(quoted: string): string | undefined {
  const quote = quoted[0];
  const inside = quoted.slice(1, -1);
  let text = '';
  PIECE.lastIndex = 0;
  while (PIECE.lastIndex < inside.length) {
    const match = PIECE.exec(inside);
    if (match === null || match[0] === quote) return undefined;
    const piece = match[0].startsWith('\\') ? escaped(match, quote) : match[0];
    if (piece === undefined) return undefined;
    text += piece;
  }
  return text;
}

function escaped(
  [, hexByte, hex4, hex8, octal, single]: RegExpExecArray,
  quote: string | undefined,
): string | undefined {
  if (single !== undefined) return single === quote ? single : SIMPLE[single];
  const code = octal === undefined ? Number.parseInt(hexByte ?? hex4 ?? hex8 ?? '', 16) : Number.parseInt(octal, 8);
  if (octal !== undefined && code > 255) return undefined;
  const isCharacter = code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
  return isCharacter ? String.fromCodePoint(code) : undefined;
}
