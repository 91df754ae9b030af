/** The records of a PAX extended header that change what we read: `<length> <key>=<value>\n` each. */
export interface PaxRecords {
  readonly path?: Uint8Array;
  readonly linkpath?: Uint8Array;
  readonly size?: number;
  readonly sparse?: true;
}

/** Undefined when the records are malformed. */
export function parsePax(bytes: Uint8Array): PaxRecords | undefined {
  const records: { path?: Uint8Array; linkpath?: Uint8Array; size?: number; sparse?: true } = {};
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let position = 0;
  while (position < text.length) {
    const space = text.indexOf(' ', position);
    const length = space < 0 ? Number.NaN : parseDecimal(text.toString('latin1', position, space));
    const end = position + length;
    const equals = text.indexOf('=', space);
    if (!(end <= text.length) || equals < 0 || equals >= end || text[end - 1] !== 0x0a) return undefined;
    const key = text.toString('latin1', space + 1, equals);
    const value = text.subarray(equals + 1, end - 1);
    // An empty value leaves the header's own in force.
    if ((key === 'path' || key === 'linkpath') && value.length > 0) records[key] = value;
    if (key === 'size' && value.length > 0) {
      records.size = parseDecimal(value.toString('latin1'));
      if (!Number.isSafeInteger(records.size)) return undefined;
    }
    if (key.startsWith('GNU.sparse.')) records.sparse = true;
    position = end;
  }
  return records;
}

function parseDecimal(digits: string): number {
  return /^[0-9]+$/.test(digits) ? Number(digits) : Number.NaN;
}
