import { render } from './render.ts';
import type { Show } from './show.ts';
import type { View } from './view.ts';

/** As much of a terminal as is used. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
  write(text: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

export interface LiveOptions {
  readonly color: boolean;
  readonly nowMs: () => number;
}

const enter = '\x1b[?1049h\x1b[?25l'; // a screen of its own, so that what was there before comes back; no cursor
const leave = '\x1b[?25h\x1b[?1049l';
const toLine = (row: number) => `\x1b[${row};1H`;
const toLineEnd = '\x1b[K';
const toScreenEnd = '\x1b[J';
const clear = '\x1b[H\x1b[J';
const everyMs = 100;

/** Draws what has changed of the view over itself, ten times a second, as clocks in it go on. */
export function liveShow(terminal: Terminal, { color, nowMs }: LiveOptions): Show {
  let shown: View | undefined;
  let drawn: readonly string[] = [];
  let closed = false;
  const draw = () => {
    if (shown === undefined || closed) return;
    const { columns, rows } = terminal;
    const lines = render(shown, { columns, rows, color }, nowMs());
    const changed = lines.flatMap((line, i) => (line === drawn[i] ? [] : [`${toLine(i + 1)}${line}${toLineEnd}`]));
    const rest = lines.length < drawn.length ? `${toLine(lines.length + 1)}${toScreenEnd}` : '';
    drawn = lines;
    if (changed.length > 0 || rest !== '') terminal.write(changed.join('') + rest);
  };
  const drawAnew = () => {
    terminal.write(clear);
    drawn = [];
    draw();
  };
  const timer = setInterval(draw, everyMs);
  const close = () => {
    if (closed) return;
    closed = true;
    clearInterval(timer);
    terminal.off('resize', drawAnew);
    process.off('exit', close);
    terminal.write(leave);
  };
  terminal.write(enter);
  terminal.on('resize', drawAnew);
  process.once('exit', close); // whatever ends the process: nobody wants a terminal without cursor
  return {
    leisureMs: 1_500,
    update(view) {
      shown = view;
      draw();
    },
    close,
  };
}
