import { between } from '../between.ts';
import type { Terminal } from '../show/live-show.ts';

/** A terminal of a fixed size that nobody looks at, and what it was sent as an asciinema cast (version 2). */
export interface Recorder extends Terminal {
  cast(title: string): string;
}

const columns = 80;
const rows = 40;

export function recorder(nowMs: () => number): Recorder {
  const startedMs = nowMs();
  const events: string[] = [];
  return {
    columns,
    rows,
    write(text) {
      const atSeconds = Number(((nowMs() - startedMs) / 1_000).toFixed(3));
      events.push(JSON.stringify([atSeconds, 'o', text]));
    },
    on() {},
    off() {},
    cast(title) {
      const header = { version: 2, width: columns, height: rows, title, idle_time_limit: 2 };
      return `${[JSON.stringify(header), ...events].join('\n')}\n`;
    },
  };
}

/** The README with some acts of this demo in place of those that it had. */
export function withExcerpt(readme: string, plain: string): string {
  const mark = '<!-- what `npm run demo` prints, by `npm run demo:record` -->';
  return between(readme, mark, `\`\`\`\n${excerptOf(plain)}\n\`\`\``);
}

const shownActs = ['Roll out a shop in three stages', 'Say yes at the gate', 'Heal what somebody changed by hand'];

function excerptOf(plain: string): string {
  const acts = plain.split(/\n(?=== )/);
  const shown = shownActs.map((title) => acts.find((act) => act.startsWith(`== ${title}\n`))?.trim());
  if (shown.includes(undefined)) throw new Error(`the demo lacks one of the acts ${shownActs.join(', ')}`);
  return shown.join('\n\n');
}
