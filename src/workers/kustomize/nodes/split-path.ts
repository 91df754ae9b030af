/** Parts between delimiters; `\` before one keeps it as it is. A delimiter at the beginning says nothing. */
export function splitPath(path: string, delimiter: string): readonly string[] {
  const pieces = path.split(delimiter);
  if (pieces.length > 1 && pieces[0] === '') pieces.shift();
  const parts: string[] = [pieces[0] ?? ''];
  for (const piece of pieces.slice(1)) {
    const last = parts[parts.length - 1] ?? '';
    if (last.endsWith('\\')) parts[parts.length - 1] = `${last.slice(0, -1)}${delimiter}${piece}`;
    else parts.push(piece);
  }
  return parts;
}

/** The same with brackets: what they enclose is one part, and stands in them only where it is a condition. */
export function splitFieldPath(path: string): readonly string[] {
  const parts: string[] = [];
  let bracketed: string[] | undefined;
  for (const piece of splitPath(path, '.')) {
    if (bracketed === undefined) {
      if (piece.startsWith('[') && !piece.endsWith(']')) bracketed = [piece];
      else parts.push(piece);
      continue;
    }
    bracketed.push(piece);
    if (piece.endsWith(']')) {
      parts.push(unbracketed(bracketed));
      bracketed = undefined;
    }
  }
  if (bracketed !== undefined) parts.push(unbracketed(bracketed));
  return parts;
}

function unbracketed(pieces: readonly string[]): string {
  const whole = pieces.join('.');
  return whole.includes('=') ? whole : whole.replace(/^[[\]]+|[[\]]+$/g, '');
}
