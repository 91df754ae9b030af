import { styleText } from 'node:util';

export type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan';
export type Span = string | readonly [style: Style, text: string];
export type Spans = readonly Span[];

/** One line of a terminal, cut where that ends: a line that wraps would push the others out of place. */
export function asLine(spans: Spans, columns: number, color: boolean): string {
  const line: string[] = [];
  let left = columns;
  for (const span of spans) {
    const [style, text] = typeof span === 'string' ? [undefined, span] : span;
    const shown = cut(text.replaceAll(/\s*\n\s*/g, ' '), left);
    left -= [...shown].length;
    line.push(style === undefined || !color ? shown : styleText(style, shown, { validateStream: false }));
    if (left === 0) break;
  }
  return line.join('');
}

/** Words of a text on as many lines as they need. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length > columns && line !== '') lines.push(line);
    line = longer.length > columns ? word : longer;
  }
  return [...lines, line];
}

/** A line that fits keeps its indentation and its columns. */
export function fitted(line: string, columns: number): readonly string[] {
  return line.length <= columns ? [line] : wrapped(line, columns);
}

function cut(text: string, columns: number): string {
  const characters = [...text];
  if (characters.length <= columns) return text;
  return columns < 1 ? '' : `${characters.slice(0, columns - 1).join('')}…`;
}
