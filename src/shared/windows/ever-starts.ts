/**
 * Whether there is a day for this schedule: none is the 30th of February, and croner would look for it to the end of its
 * calendar, milliseconds long. Needs an expression that `parseSchedule` takes.
 */
export function everStarts(expression: string): boolean {
  const [, , days = '', months = '', weekdays = ''] = expression.trim().split(/\s+/);
  if (!/^[*?]$/.test(weekdays)) return true; // beside a weekday the day of the month need not fit
  const firstDay = Math.min(...days.split(',').map((part) => (/^[*?]/.test(part) ? 1 : Number.parseInt(part, 10))));
  return months.split(',').some((part) => monthsIn(part).some((month) => firstDay <= longestOf(month)));
}

const names = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Counted from 1. */
function monthsIn(part: string): readonly number[] {
  const [range = '', step] = part.split('/');
  const [from = '', to = step === undefined ? from : 'dec'] = /^[*?]/.test(range) ? ['jan', 'dec'] : range.split('-');
  const first = monthOf(from);
  const all = Array.from({ length: monthOf(to) - first + 1 }, (_, i) => first + i);
  return all.filter((month) => (month - first) % Number(step ?? 1) === 0);
}

function monthOf(text: string): number {
  const named = names.indexOf(text.toLowerCase());
  return named < 0 ? Number(text) : named + 1;
}

function longestOf(month: number): number {
  return new Date(Date.UTC(2024, month, 0)).getUTCDate(); // a leap year
}
