/** What Go's YAML reader makes of an unquoted date: a time, which JSON then holds in RFC 3339. */
export class Timestamp {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

const DATE = String.raw`(\d{4})-(\d{1,2})-(\d{1,2})`;
const TIME = String.raw`(\d{1,2}):(\d{1,2}):(\d{1,2})(?:\.(\d+))?`;
const FORM = new RegExp(String.raw`^${DATE}(?:[Tt]${TIME}(Z|[-+]\d{2}:\d{2})| ${TIME})?$`);

export function parseTimestamp(source: string): Timestamp | undefined {
  if (source.charAt(4) !== '-') return undefined;
  const match = FORM.exec(source);
  if (match === null) return undefined;
  const [, year = '', month = '', day = ''] = match;
  // After the date either the first alternative's five groups are set or the second's four.
  const [hour = '0', minute = '0', second = '0', fraction = ''] =
    match[4] === undefined ? match.slice(9) : match.slice(4);
  const zone = match[8] ?? 'Z';
  if (!isDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || !isZone(zone)) return undefined;
  const date = `${year}-${twoDigits(month)}-${twoDigits(day)}`;
  const time = `${twoDigits(hour)}:${twoDigits(minute)}:${twoDigits(second)}${shortFraction(fraction)}`;
  return new Timestamp(`${date}T${time}${/^[-+]00:00$/.test(zone) ? 'Z' : zone}`);
}

function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const february = isLeap ? 29 : 28;
  const daysInMonth = [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
  return day <= (daysInMonth[month - 1] ?? 0);
}

function isZone(zone: string): boolean {
  return zone === 'Z' || (Number(zone.slice(1, 3)) <= 24 && Number(zone.slice(4)) <= 59);
}

/** Nanoseconds, without trailing zeros. */
function shortFraction(digits: string): string {
  const kept = digits.slice(0, 9).replace(/0+$/, '');
  return kept === '' ? '' : `.${kept}`;
}

function twoDigits(number: string): string {
  return number.padStart(2, '0');
}
