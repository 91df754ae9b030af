/**
 * Tables as kubectl prints them: a heading in capitals, columns two spaces apart, nothing behind the last.
 * `printTable(rows, columns, { terminal })` gives the text, each line ended. Where the lines are too long for the
 * terminal, columns that `mayBeCut` give way, the widest first; in a pipe nothing is cut. An empty cell reads `-`.
 */
import type { Terminal, Tone } from './terminal.ts';
import { cutTo, oneLine, widthOf } from './text-width.ts';

export interface Column<T> {
  readonly title: string;
  readonly of: (row: T) => string | undefined;
  readonly tone?: (row: T) => Tone | undefined;
  /** It may give way on a narrow terminal: messages, revisions. */
  readonly mayBeCut?: boolean;
}

export interface TableManner {
  readonly terminal: Pick<Terminal, 'columns' | 'paint'>;
  /** Spaces before each line. */
  readonly indent?: number;
  /** False for lines that are added to a table printed before. */
  readonly heading?: boolean;
}

const GAP = 2;
/** A column that is cut keeps so much, and its title. */
const LEAST = 8;

export function printTable<T>(rows: readonly T[], columns: readonly Column<T>[], manner: TableManner): string {
  const { terminal, indent = 0, heading = true } = manner;
  const cells = rows.map((row) => columns.map((column) => oneLine(column.of(row) ?? '') || '-'));
  const titles = columns.map(({ title }) => title);
  const needed = columns.map((_, i) => Math.max(...[titles, ...cells].map((line) => widthOf(line[i] ?? ''))));
  const widths = fitInto(terminal.columns, { needed, columns, indent });
  const line = (texts: readonly string[], toneOf: (i: number) => Tone | undefined) => {
    const padded = texts.map((text, i) => {
      const width = widths[i] ?? 0;
      const shown = cutTo(text, width);
      const padding = i === texts.length - 1 ? '' : ' '.repeat(width - widthOf(shown) + GAP);
      return terminal.paint(shown, toneOf(i)) + padding;
    });
    return `${' '.repeat(indent)}${padded.join('')}\n`;
  };
  return [
    ...(heading ? [line(titles, () => 'strong')] : []),
    ...rows.map((row, at) => line(cells[at] ?? [], (i) => columns[i]?.tone?.(row))),
  ].join('');
}

interface Layout {
  readonly needed: readonly number[];
  readonly columns: readonly { readonly title: string; readonly mayBeCut?: boolean }[];
  readonly indent: number;
}

function fitInto(available: number | undefined, { needed, columns, indent }: Layout): readonly number[] {
  const widths = [...needed];
  if (available === undefined) return widths;
  const least = columns.map(({ title, mayBeCut }, i) =>
    mayBeCut ? Math.min(needed[i] ?? 0, Math.max(LEAST, title.length)) : (needed[i] ?? 0),
  );
  let tooMuch = indent + widths.reduce((sum, width) => sum + width + GAP, -GAP) - available;
  for (; tooMuch > 0; tooMuch -= 1) {
    const widest = columnsAbove(least, widths).reduce((a, b) => ((widths[b] ?? 0) >= (widths[a] ?? 0) ? b : a), -1);
    if (widest < 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  return widths;
}

/** Which columns can still give way. */
function columnsAbove(least: readonly number[], widths: readonly number[]): readonly number[] {
  return widths.flatMap((width, i) => (width > (least[i] ?? 0) ? [i] : []));
}
