import type { FeedLine } from './feed.ts';
import { seconds } from './seconds.ts';
import type { Show } from './show.ts';
import { fitted, wrapped } from './spans.ts';

const columns = 80;

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
  if (tone === 'tale') return `${wrapped(text, columns).join('\n')}\n`;
  const mark = tone === 'proof' ? '✔ ' : tone === 'warning' ? '! ' : '';
  const time = tone === 'answer' ? '' : seconds(atMs - startedMs);
  const margin = 10;
  const lines = `${mark}${text}`.split('\n').flatMap((line) => fitted(line, columns - margin));
  return lines.map((line, i) => `${`${(i === 0 ? time : '').padStart(8)}  ${line}`.trimEnd()}\n`).join('');
}
