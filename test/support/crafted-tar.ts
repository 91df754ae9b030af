const BLOCK = 512;

/** One header as a writer of good or ill will puts it; what is left out is as it should be. */
export interface CraftedEntry {
  readonly name: string | Uint8Array;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly linkName?: string;
  /** The size field as it is written, where it is not the body's. */
  readonly size?: string | Uint8Array;
  readonly magic?: string;
  readonly prefix?: string;
  readonly checksum?: string;
}

export function craftTar(entries: readonly CraftedEntry[], end: Uint8Array = new Uint8Array(2 * BLOCK)): Buffer {
  return Buffer.concat([...entries.map(craftEntry), end]);
}

export function craftEntry(entry: CraftedEntry): Buffer {
  const body = Buffer.from(entry.body ?? '');
  const header = Buffer.alloc(BLOCK);
  put(header, 0, entry.name);
  put(header, 100, '0000644\0');
  put(header, 124, entry.size ?? `${body.length.toString(8).padStart(11, '0')}\0`);
  put(header, 148, ' '.repeat(8));
  put(header, 156, entry.type ?? '0');
  put(header, 157, entry.linkName ?? '');
  put(header, 257, entry.magic ?? 'ustar\x0000');
  put(header, 345, entry.prefix ?? '');
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(header, 148, entry.checksum ?? `${sum.toString(8).padStart(6, '0')}\0 `);
  return Buffer.concat([header, body, Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK)]);
}

/** A PAX extended header for the entry after it. */
export function paxEntry(records: Readonly<Record<string, string>>, type: 'x' | 'g' = 'x'): CraftedEntry {
  return { name: 'pax', type, body: Object.entries(records).map(paxRecord).join('') };
}

/** The length counts its own digits. */
function paxRecord([key, value]: readonly [string, string]): string {
  const rest = Buffer.byteLength(` ${key}=${value}\n`);
  let length = rest + 1;
  while (`${length}`.length + rest !== length) length = `${length}`.length + rest;
  return `${length} ${key}=${value}\n`;
}

function put(header: Buffer, offset: number, value: string | Uint8Array): void {
  header.set(typeof value === 'string' ? Buffer.from(value) : value, offset);
}
