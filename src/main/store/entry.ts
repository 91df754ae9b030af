import type { PlanSummary } from '../../shared/protocol/tasks.ts';

/** What can be put back: a render to the byte or, of a stage that decrypts, the artifact as it was fetched. */
export type Kept =
  | { readonly is: 'render'; readonly renderDigest: string; readonly plan: PlanSummary }
  | { readonly is: 'artifact'; readonly renderDigest: string };

export interface Entry {
  readonly kept: Kept;
  /** Begins with the bodies of the render, or is the archive. */
  readonly bytes: ArrayBuffer;
}

/**
 * `<bytes><what they are, as JSON><its length, 4 bytes><SHA-256 of all before><mark>`. The bytes come first, so that what is
 * read back can be sent from where it lies.
 */
const MARK = Buffer.from('stageset-rollback 1\n');
const CHECKSUM = 32;

export async function packEntry(kept: Kept, bytes: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const header = Buffer.from(JSON.stringify(kept));
  const checked = bytes.length + header.length + 4;
  const packed = new Uint8Array(checked + CHECKSUM + MARK.length);
  packed.set(bytes);
  packed.set(header, bytes.length);
  new DataView(packed.buffer).setUint32(checked - 4, header.length);
  packed.set(await checksumOf(packed.subarray(0, checked)), checked);
  packed.set(MARK, checked + CHECKSUM);
  return packed;
}

/** Undefined where these are not the bytes that were written. */
export async function unpackEntry(packed: Uint8Array<ArrayBuffer>): Promise<Entry | undefined> {
  const checked = packed.length - MARK.length - CHECKSUM;
  if (checked < 4 || !MARK.equals(packed.subarray(checked + CHECKSUM))) return undefined;
  const found = await checksumOf(packed.subarray(0, checked));
  if (!Buffer.from(found).equals(packed.subarray(checked, checked + CHECKSUM))) return undefined;
  const view = Buffer.from(packed.buffer, packed.byteOffset, checked);
  const size = checked - 4 - view.readUInt32BE(checked - 4);
  const kept = JSON.parse(view.toString('utf8', size, checked - 4)) as Kept;
  return { kept, bytes: kept.is === 'artifact' ? exactly(packed, size) : exactly(packed, packed.length) };
}

/** Off this thread: an entry may be as large as an artifact. */
async function checksumOf(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
}

function exactly({ buffer, byteOffset }: Uint8Array<ArrayBuffer>, length: number): ArrayBuffer {
  if (byteOffset === 0) return buffer.byteLength === length ? buffer : buffer.transfer(length);
  return buffer.slice(byteOffset, byteOffset + length);
}
