import { EVENT_ID, type Event, SCALAR_STYLE, YAMLException } from 'js-yaml';

/** A slash, half a character of UTF-16, and what is beyond Unicode. */
const UNKNOWN = /(?<!\\)(?:\\\\)*\\(?:\/|(?:u|U0000)[dD][89a-fA-F]|U(?!000|0010))/;

/** The escapes that JSON has and Go's parser of YAML has not: this one takes them, even where they make no text. */
export function refuseUnknownEscapes(source: string, events: readonly Event[]): void {
  if (!UNKNOWN.test(source)) return;
  for (const event of events) {
    if (event.type !== EVENT_ID.SCALAR || event.style !== SCALAR_STYLE.DOUBLE_QUOTED) continue;
    if (!UNKNOWN.test(source.slice(event.valueStart, event.valueEnd))) continue;
    throw new YAMLException('an escape in a quoted text stands for no character');
  }
}
