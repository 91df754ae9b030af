import type { FeedLine } from './feed.ts';
import { seconds } from './seconds.ts';
import type { Show } from './show.ts';

/** A line for everything that happens, for logs and for those who read with their ears. */
export function plainShow(write: (text: string) => void): Show {
  let told = 0;
  return {
    leisureMs: 0,
    update({ feed, startedMs }) {
      for (const line of feed.slice(told)) write(plainLine(line, startedMs));
      told = feed.length;
    },
    close() {},
  };
}

export function plainLine({ atMs, tone, text }: FeedLine, startedMs: number): string {
  if (tone === 'title') return `\n== ${text}\n`;
  if (tone === 'tale') return `${text}\n`;
  const mark = tone === 'proof' ? '✔ ' : tone === 'warning' ? '! ' : '';
  return `${seconds(atMs - startedMs).padStart(8)}  ${mark}${text.replaceAll('\n', '\n          ')}\n`;
}
