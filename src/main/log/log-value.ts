const LONGEST_TEXT = 4_096;
const LONGEST_LIST = 50;
const DEEPEST = 4;

/** What of a value a line shows: any value becomes one that JSON can hold, and none makes a line that no reader takes. */
export function asValue(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return shortened(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (value instanceof Error) return shortened(value.message);
  if (typeof value !== 'object') return shortened(String(value));
  if (depth === DEEPEST) return '…';
  if (Array.isArray(value)) {
    const shown = value.slice(0, LONGEST_LIST).map((item) => asValue(item, depth + 1));
    return value.length > LONGEST_LIST ? [...shown, `… ${value.length - LONGEST_LIST} more`] : shown;
  }
  const entries = Object.entries(value);
  const shown = entries.slice(0, LONGEST_LIST).map(([key, item]) => [key, asValue(item, depth + 1)]);
  const left = entries.length - shown.length;
  return Object.fromEntries(left > 0 ? [...shown, ['…', `${left} more`]] : shown);
}

function shortened(text: string): string {
  const left = text.length - LONGEST_TEXT;
  return left > 0 ? `${text.slice(0, LONGEST_TEXT).toWellFormed()}… (${left} more characters)` : text;
}
