const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** A number as Go prints it: whole as far as 64 bits reach, beyond that and with a fraction in Go's shortest form. */
export function numberText(value: number | bigint): string {
  if (typeof value === 'bigint') return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e21) {
    const digits = String(value);
    const whole = BigInt(digits);
    if (whole >= INT64_MIN && whole <= UINT64_MAX) return digits;
  }
  return shortestText(value);
}

/** As few digits as tell it from other numbers of 32 bits. */
export function singlePrecisionText(value: number): string {
  if (Object.is(value, -0)) return '-0';
  const single = Math.fround(value);
  const digits = Array.from({ length: 9 }, (_, at) => at).find(
    (at) => Math.fround(Number(value.toExponential(at))) === single,
  );
  return shortestText(value, digits);
}

/** strconv's 'g': an exponent of two digits at least, from six digits before the point or four zeros behind it on. */
export function shortestText(value: number, fractionDigits?: number): string {
  const [mantissa = '', exponentText = '0'] = value.toExponential(fractionDigits).split('e');
  const exponent = Number(exponentText);
  if (exponent >= -4 && exponent < EXPONENT_FROM) return plain(mantissa, exponent);
  const sign = exponent < 0 ? '-' : '+';
  return `${mantissa}e${sign}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

const EXPONENT_FROM = 6;

function plain(mantissa: string, exponent: number): string {
  const sign = mantissa.startsWith('-') ? '-' : '';
  const digits = mantissa.replace(/[-.]/g, '');
  if (exponent < 0) return `${sign}0.${'0'.repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, '0');
  const fraction = digits.slice(exponent + 1);
  return fraction === '' ? sign + whole : `${sign}${whole}.${fraction}`;
}

/** strconv's 'f': never an exponent. */
export function fullText(value: number): string {
  const [mantissa = '', exponent = '0'] = value.toExponential().split('e');
  return plain(mantissa, Number(exponent));
}
