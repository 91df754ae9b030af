const MESSAGE_MAX = 2_000;

/** What may stand in a status or an event: the error's own words, on one line, cut to a bearable length. */
export function publicMessage(error: unknown): string {
  const text = (error instanceof Error ? error.message : String(error)).replace(/\s*\n\s*/g, ' ').trim();
  return text.length <= MESSAGE_MAX
    ? text
    : `${text.slice(0, MESSAGE_MAX)}… (${text.length - MESSAGE_MAX} more characters)`;
}
