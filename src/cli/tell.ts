import { oneLine } from './output/text-width.ts';

/** To whoever looks on, and never into what a pipe gets: one line, whatever it says. */
export function tell(text: string): void {
  process.stderr.write(`stagesetctl: ${oneLine(text)}\n`);
}

export function warn(text: string): void {
  tell(`warning: ${text}`);
}
