/** A tar header as its 512 bytes say it: ustar, GNU and the older V7 form. */
export interface TarHeader {
  readonly name: Uint8Array;
  readonly linkName: Uint8Array;
  /** Undefined when the field holds no number. */
  readonly size: number | undefined;
  readonly type: string;
}

export const BLOCK_BYTES = 512;

const CHECKSUM = { start: 148, end: 156 };
const SPACE = 0x20;

export function isZeroBlock(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

export function hasValidChecksum(block: Uint8Array): boolean {
  let unsigned = 0;
  let signed = 0;
  for (let index = 0; index < block.length; index++) {
    const counted = index >= CHECKSUM.start && index < CHECKSUM.end ? SPACE : (block[index] ?? 0);
    unsigned += counted;
    signed += counted > 127 ? counted - 256 : counted;
  }
  const stored = parseNumber(block.subarray(CHECKSUM.start, CHECKSUM.end));
  // Some old writers summed signed bytes.
  return stored === unsigned || stored === signed;
}

export function parseHeader(block: Uint8Array): TarHeader {
  const name = untilNul(block.subarray(0, 100));
  const prefix = hasPrefix(block) ? untilNul(block.subarray(345, 500)) : new Uint8Array(0);
  return {
    name: prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]),
    linkName: untilNul(block.subarray(157, 257)),
    size: parseNumber(block.subarray(124, 136)),
    type: String.fromCharCode(block[156] ?? 0),
  };
}

export function untilNul(field: Uint8Array): Uint8Array {
  const end = field.indexOf(0);
  return end < 0 ? field : field.subarray(0, end);
}

/** GNU writes other things where POSIX has the prefix. */
function hasPrefix(block: Uint8Array): boolean {
  return Buffer.from(block.subarray(257, 263)).toString('latin1') === 'ustar\0';
}

/** Octal digits between spaces and NULs, or GNU's base 256 when the first bit is set. */
function parseNumber(field: Uint8Array): number | undefined {
  const first = field[0] ?? 0;
  if ((first & 0x80) !== 0) return parseBase256(field);
  const digits = Buffer.from(field).toString('latin1').replaceAll('\0', ' ').trim();
  if (digits === '') return 0;
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : undefined;
}

function parseBase256(field: Uint8Array): number | undefined {
  let value = 0;
  for (const [index, byte] of field.entries()) value = value * 256 + (index === 0 ? byte & 0x7f : byte);
  return Number.isSafeInteger(value) ? value : undefined;
}
