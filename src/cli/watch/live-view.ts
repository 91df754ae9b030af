import type { StageSet } from '../../shared/api/types.ts';
import { type Stream, terminalOf } from '../output/terminal.ts';
import { draw } from './draw.ts';
import { StageTimes } from './stage-times.ts';
import type { View } from './view.ts';

/** As much of a terminal as is used. */
export interface Screen extends Stream {
  readonly rows?: number;
  write(text: string): unknown;
}

const DEFAULT_ROWS = 24;
const toScreenEnd = '\x1b[J';
const up = (lines: number) => (lines === 0 ? '' : `\x1b[${lines}A`);

/**
 * Draws the stages over themselves, each second at least, for time goes on. The cursor stays below them and nothing else
 * of the terminal is changed: whatever ends the process, nothing need be put back.
 */
export function liveView(screen: Screen, nowMs: () => number): View {
  const beganMs = nowMs();
  const times = new StageTimes();
  let shown: StageSet | undefined;
  let drawn = 0;
  const redraw = () => {
    if (shown === undefined) return;
    const terminal = terminalOf(screen);
    const rows = screen.rows ?? DEFAULT_ROWS;
    const lines = draw(shown, { terminal, rows, times, nowMs: nowMs(), beganMs });
    screen.write(`${up(drawn)}\r${toScreenEnd}${lines.join('\n')}\n`);
    drawn = lines.length;
  };
  const timer = setInterval(redraw, 1_000);
  return {
    show(set) {
      times.note(set, nowMs());
      shown = set;
      redraw();
    },
    end: (line) => void screen.write(`${line}\n`),
    [Symbol.dispose]: () => clearInterval(timer),
  };
}
