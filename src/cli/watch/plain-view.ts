import { age } from '../output/age.ts';
import { oneLine } from '../output/text-width.ts';
import type { View } from './view.ts';

/** A line for each thing that moves, with the time since the watch began. */
export function plainView(write: (text: string) => void, nowMs: () => number): View {
  const beganMs = nowMs();
  const print = (line: string) => write(`${age(nowMs() - beganMs).padEnd(5)} ${oneLine(line)}\n`);
  return { show: (_set, news) => news.forEach(print), end: print, [Symbol.dispose]() {} };
}
