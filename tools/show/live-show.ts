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
const home = '\x1b[H';
const toLineEnd = '\x1b[K';
const toScreenEnd = '\x1b[J';
const everyMs = 100;

/** Draws the view over itself, ten times a second, as clocks in it go on. */
export function liveShow(terminal: Terminal, { color, nowMs }: LiveOptions): Show {
  let shown: View | undefined;
  let closed = false;
  const draw = () => {
    if (shown === undefined || closed) return;
    const { columns, rows } = terminal;
    const lines = render(shown, { columns, rows, color }, nowMs());
    terminal.write(home + lines.map((line) => line + toLineEnd).join('\r\n') + toScreenEnd);
  };
  const timer = setInterval(draw, everyMs);
  const close = () => {
    if (closed) return;
    closed = true;
    clearInterval(timer);
    terminal.off('resize', draw);
    process.off('exit', close);
    terminal.write(leave);
  };
  terminal.write(enter);
  terminal.on('resize', draw);
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
