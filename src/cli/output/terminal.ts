/**
 * How output looks where it goes: `terminalOf(process.stdout)` before printing, then `paint(text, tone)` for colours and
 * `columns` for `printTable`. In a pipe nothing is painted and nothing is cut.
 */
export interface Terminal {
  /** False in a pipe or a file, and on a terminal that cannot be drawn on. */
  readonly canRedraw: boolean;
  /** Undefined where lines may have any length. */
  readonly columns: number | undefined;
  readonly paint: Paint;
}

export type Tone = 'good' | 'bad' | 'doubtful' | 'faint' | 'strong';
export type Paint = (text: string, tone: Tone | undefined) => string;

export type ColorWish = 'auto' | 'always' | 'never';

export interface Stream {
  readonly isTTY?: boolean;
  readonly columns?: number;
}

export function terminalOf(stream: Stream, env: NodeJS.ProcessEnv = process.env, color: ColorWish = 'auto'): Terminal {
  const isTerminal = stream.isTTY === true;
  const isDumb = env.TERM === 'dumb';
  // As no-color.org has it: an empty variable does not count.
  const isColored = color === 'always' || (color === 'auto' && isTerminal && !isDumb && !env.NO_COLOR);
  return {
    canRedraw: isTerminal && !isDumb,
    columns: isTerminal ? stream.columns : undefined,
    paint: isColored ? colored : (text) => text,
  };
}

const codes: Readonly<Record<Tone, number>> = { strong: 1, faint: 2, bad: 31, good: 32, doubtful: 33 };

function colored(text: string, tone: Tone | undefined): string {
  return tone === undefined || text === '' ? text : `\x1b[${codes[tone]}m${text}\x1b[0m`;
}
