/** To whoever looks on, and never into what a pipe gets: one line, whatever it says. */
export function tell(text: string): void {
  process.stderr.write(`stagesetctl: ${text.trim().replaceAll(/\s*\n\s*/g, ' ')}\n`);
}

export function warn(text: string): void {
  tell(`warning: ${text}`);
}
