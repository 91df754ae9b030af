import { Cron } from 'croner';

/** What all crons know: numbers, names of three letters, ranges, steps, lists. croner alone would take `L`, `W`, `#` and seconds too. */
const VALUE = '(?:[0-9]+|[A-Za-z]{3})';
const FIELD = new RegExp(`^(?:[*?]|${VALUE}(?:-${VALUE})?)(?:/[0-9]+)?$`);

/** A cron expression of five fields, read in an IANA time zone. Undefined where it is none. */
export function parseSchedule(expression: string, timeZone: string): Cron | undefined {
  const fields = expression.trim().split(/\s+/);
  if (fields.length !== 5 || !fields.every((field) => field.split(',').every((part) => FIELD.test(part))))
    return undefined;
  try {
    return new Cron(fields.join(' '), {
      mode: '5-part',
      timezone: timeZone,
      sloppyRanges: true, // `5/10` means from 5 on, as other crons have it
      // As Vixie's: who names hours means one start each day, also on the day when that hour is left out or comes twice.
      fixedTimeRule: 'no-wildcard',
      paused: true,
    });
  } catch {
    return undefined;
  }
}

/** Names of the IANA database only: a bare offset would not know of daylight saving. */
export function isTimeZone(name: string): boolean {
  if (known.has(name)) return true;
  if (!/^[A-Za-z]/.test(name) || !canFormatIn(name)) return false;
  if (known.size < MAX_KNOWN) known.add(name);
  return true;
}

/** To look one up takes far longer than all else about a window. Case does not count, so the spellings are many. */
const known = new Set<string>();
const MAX_KNOWN = 1_000;

function canFormatIn(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
