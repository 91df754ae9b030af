const NANOSECONDS: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n, // U+00B5, the micro sign
  μs: 1_000n, // U+03BC, the Greek letter
  ms: 1_000_000n,
  s: 1_000_000_000n,
  m: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** What Go keeps a duration in: 64 bits of nanoseconds. */
const MAX_NANOSECONDS = 2n ** 63n - 1n;

/** Longer than any duration worth writing; the time to read one grows with the square of its length. */
const MAX_LENGTH = 256;

const PART = /(?:([0-9]+)(?:\.([0-9]*))?|\.([0-9]+))(ns|us|µs|μs|ms|s|m|h)/y;

/** Reads a duration as Go's time.ParseDuration does: `1h30m`, `1.5s`, `-2ms`, `0`. Undefined where Go reports an error. */
export function parseDurationMs(text: string): number | undefined {
  const negative = text.startsWith('-');
  const unsigned = negative || text.startsWith('+') ? text.slice(1) : text;
  if (unsigned === '0') return 0;
  const nanoseconds = sumOfParts(unsigned);
  if (nanoseconds === undefined || nanoseconds > MAX_NANOSECONDS) return undefined;
  const ms = Number(nanoseconds / 1_000_000n) + Number(nanoseconds % 1_000_000n) / 1_000_000;
  return negative ? 0 - ms : ms;
}

function sumOfParts(text: string): bigint | undefined {
  if (text === '' || text.length > MAX_LENGTH) return undefined;
  let sum = 0n;
  PART.lastIndex = 0;
  while (PART.lastIndex < text.length) {
    const part = PART.exec(text);
    if (part === null) return undefined;
    const [, whole = '0', fractionAfterWhole, fractionAlone, unitName = ''] = part;
    const unit = NANOSECONDS[unitName] ?? 0n;
    const fraction = fractionAfterWhole ?? fractionAlone ?? '';
    sum += BigInt(whole) * unit + (BigInt(fraction || '0') * unit) / 10n ** BigInt(fraction.length);
  }
  return sum;
}

/** Prints a duration as Go does: `1h30m0s`, `1.5s`, `250ms`, `0s`. */
export function formatDuration(ms: number): string {
  const nanoseconds = toNanoseconds(Math.abs(ms));
  if (nanoseconds === 0n) return '0s';
  return (
    (ms < 0 ? '-' : '') + (nanoseconds < 1_000_000_000n ? belowOneSecond(Number(nanoseconds)) : clockwise(nanoseconds))
  );
}

function toNanoseconds(ms: number): bigint {
  const whole = Math.floor(ms);
  return BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000_000));
}

function belowOneSecond(nanoseconds: number): string {
  if (nanoseconds < 1_000) return `${nanoseconds}ns`;
  if (nanoseconds < 1_000_000) return `${nanoseconds / 1_000}µs`;
  return `${nanoseconds / 1_000_000}ms`;
}

/** Hours, minutes and seconds, from the largest that is not zero on. */
function clockwise(nanoseconds: bigint): string {
  const total = Number(nanoseconds / 1_000_000_000n);
  const fraction = String(nanoseconds % 1_000_000_000n)
    .padStart(9, '0')
    .replace(/0+$/, '');
  const hours = Math.floor(total / 3_600);
  const minutes = Math.floor((total % 3_600) / 60);
  const seconds = `${total % 60}${fraction && `.${fraction}`}s`;
  if (hours > 0) return `${hours}h${minutes}m${seconds}`;
  return minutes > 0 ? `${minutes}m${seconds}` : seconds;
}
