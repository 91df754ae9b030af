const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const YEAR = 365 * DAY;

/** How long something takes or took, as kubectl prints ages: the longer, the rougher. `47s`, `5m12s`, `3h7m`, `2d4h`. */
export function age(ms: number): string {
  // Clocks of two machines differ by a second or two.
  if (ms <= -2 * SECOND) return '<invalid>';
  const span = Math.max(0, ms);
  if (span < 2 * MINUTE) return `${Math.floor(span / SECOND)}s`;
  if (span < 10 * MINUTE) return inTwo(span, { unit: MINUTE, letter: 'm' }, { unit: SECOND, letter: 's' });
  if (span < 3 * HOUR) return `${Math.floor(span / MINUTE)}m`;
  if (span < 8 * HOUR) return inTwo(span, { unit: HOUR, letter: 'h' }, { unit: MINUTE, letter: 'm' });
  if (span < 2 * DAY) return `${Math.floor(span / HOUR)}h`;
  if (span < 8 * DAY) return inTwo(span, { unit: DAY, letter: 'd' }, { unit: HOUR, letter: 'h' });
  if (span < 2 * YEAR) return `${Math.floor(span / DAY)}d`;
  if (span < 8 * YEAR) return inTwo(span, { unit: YEAR, letter: 'y' }, { unit: DAY, letter: 'd' });
  return `${Math.floor(span / YEAR)}y`;
}

/** Since a time as the API writes it; `<unknown>` where there is none, as kubectl has it. */
export function ageSince(time: string | undefined, nowMs: number): string {
  const sinceMs = Date.parse(time ?? '');
  return Number.isNaN(sinceMs) ? '<unknown>' : age(nowMs - sinceMs);
}

interface Unit {
  readonly unit: number;
  readonly letter: string;
}

function inTwo(span: number, large: Unit, small: Unit): string {
  const rest = Math.floor((span % large.unit) / small.unit);
  return `${Math.floor(span / large.unit)}${large.letter}${rest === 0 ? '' : `${rest}${small.letter}`}`;
}
