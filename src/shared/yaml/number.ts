const SHORT_DECIMAL = /^-?(?:0|[1-9]\d{0,14})$/;
const INTEGER = /^([-+]?)(?:0[xX]([\da-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9]\d*))$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;

/** Enough for 64 binary digits; a number of millions of digits would take seconds to make. */
const INTEGER_MAX_LENGTH = 100;
const INT64_MIN = -(2n ** 63n);
const UINT64_MAX = 2n ** 64n - 1n;

/** As Go's YAML reader has it: octal with or without the `o`, hex, binary, `_` anywhere; a BigInt beyond 2^53. */
export function parseInteger(source: string): number | bigint | undefined {
  if (SHORT_DECIMAL.test(source)) return Number(source);
  const plain = source.replaceAll('_', '');
  const match = plain.length > INTEGER_MAX_LENGTH ? null : INTEGER.exec(plain);
  if (match === null) return undefined;
  const [, sign, hex, binary, octal, decimal] = match;
  const magnitude = BigInt(
    hex !== undefined
      ? `0x${hex}`
      : binary !== undefined
        ? `0b${binary}`
        : octal !== undefined
          ? `0o${octal}`
          : (decimal ?? 0),
  );
  const value = sign === '-' ? -magnitude : magnitude;
  if (value < INT64_MIN || value > UINT64_MAX) return undefined;
  const short = Number(value);
  return Number.isSafeInteger(short) ? short : value;
}

/** `.inf` and `.nan` are numbers too, though JSON has no room for them; too large a number is text. */
export function parseFloatingPoint(source: string): number | undefined {
  const plain = source.replaceAll('_', '');
  if (FLOAT.test(plain)) {
    const value = Number(plain);
    return Number.isFinite(value) ? value : undefined;
  }
  if (/^[-+]?\.(?:inf|Inf|INF)$/.test(source)) return source.startsWith('-') ? -Infinity : Infinity;
  return /^\.(?:nan|NaN|NAN)$/.test(source) ? Number.NaN : undefined;
}
