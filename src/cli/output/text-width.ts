import { stripVTControlCharacters } from 'node:util';

/** Whatever came from the cluster, fit for one line of a terminal: it may not move the cursor or change colours. */
export function oneLine(text: string): string {
  return stripVTControlCharacters(text).replaceAll(/\s+/gu, ' ').replaceAll(/\p{C}/gu, '\u{fffd}').trim();
}

/** Columns that a text of one line takes on a terminal. */
export function widthOf(text: string): number {
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  return [...text].reduce((sum, character) => sum + columnsOf(character), 0);
}

/** The same where it fits, else as much of it as does, with an ellipsis. */
export function cutTo(text: string, columns: number): string {
  if (widthOf(text) <= columns) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += columnsOf(character);
    if (used > columns - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

const NONE = /^\p{M}$/u;
const TWO =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\ua960-\ua97c\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

function columnsOf(character: string): number {
  if (NONE.test(character)) return 0;
  return TWO.test(character) ? 2 : 1;
}
