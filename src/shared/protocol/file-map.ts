/**
 * An artifact's files in one SharedArrayBuffer: the length of the index (4 bytes, little endian), the index as JSON
 * (`[path, offset, length]` each), the files' bytes. Several workers read it at once; nobody writes to it again.
 */
export interface FileMap {
  /** A view of the file's bytes, not a copy. */
  read(path: string): Uint8Array | undefined;
  /** What a directory holds, in byte order of names; undefined when there is no such directory. */
  list(directory: string): readonly DirectoryEntry[] | undefined;
  /** In byte order. */
  paths(): readonly string[];
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

type IndexEntry = readonly [path: string, offset: number, length: number];

const INDEX_LENGTH_BYTES = 4;

/** Paths that share their bytes (links) share them here too. */
export function packFiles(files: ReadonlyMap<string, Uint8Array>): SharedArrayBuffer {
  const offsets = new Map<Uint8Array, number>();
  const index: IndexEntry[] = [];
  let dataLength = 0;
  for (const [path, bytes] of [...files].toSorted(([a], [b]) => compareBytes(a, b))) {
    const offset = offsets.get(bytes) ?? dataLength;
    if (!offsets.has(bytes)) {
      offsets.set(bytes, offset);
      dataLength += bytes.length;
    }
    index.push([path, offset, bytes.length]);
  }
  const indexBytes = new TextEncoder().encode(JSON.stringify(index));
  const dataStart = INDEX_LENGTH_BYTES + indexBytes.length;
  const packed = new Uint8Array(new SharedArrayBuffer(dataStart + dataLength));
  new DataView(packed.buffer).setUint32(0, indexBytes.length, true);
  packed.set(indexBytes, INDEX_LENGTH_BYTES);
  for (const [bytes, offset] of offsets) packed.set(bytes, dataStart + offset);
  return packed.buffer;
}

export function openFileMap(buffer: SharedArrayBuffer): FileMap {
  const indexLength = new DataView(buffer).getUint32(0, true);
  const dataStart = INDEX_LENGTH_BYTES + indexLength;
  const index: readonly IndexEntry[] = JSON.parse(
    new TextDecoder().decode(new Uint8Array(buffer, INDEX_LENGTH_BYTES, indexLength)),
  );
  const files = new Map(index.map(([path, offset, length]) => [path, { offset, length }]));
  const paths = [...files.keys()];

  return {
    read(path) {
      const place = files.get(path);
      return place && new Uint8Array(buffer, dataStart + place.offset, place.length);
    },
    list: (directory) => listDirectory(paths, directory),
    paths: () => paths,
  };
}

/** What lies below a directory lies together: from `a/` up to, in byte order, `a0`. */
function listDirectory(paths: readonly string[], directory: string): readonly DirectoryEntry[] | undefined {
  const prefix = directory === '' ? '' : `${directory}/`;
  const entries: DirectoryEntry[] = [];
  let at = firstNotBefore(paths, prefix);
  for (let path = paths[at]; path?.startsWith(prefix); path = paths[at]) {
    const slash = path.indexOf('/', prefix.length);
    if (slash < 0) {
      entries.push({ name: path.slice(prefix.length), kind: 'file' });
      at += 1;
    } else {
      entries.push({ name: path.slice(prefix.length, slash), kind: 'directory' });
      at = firstNotBefore(paths, `${path.slice(0, slash)}0`);
    }
  }
  if (entries.length === 0 && directory !== '') return undefined;
  return entries.toSorted((a, b) => compareBytes(a.name, b.name));
}

function firstNotBefore(paths: readonly string[], bound: string): number {
  let low = 0;
  let high = paths.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareBytes(paths[middle] ?? '', bound) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The order of their UTF-8 bytes; JavaScript's own differs beyond the Basic Multilingual Plane. */
export function compareBytes(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return byteRank(left) - byteRank(right);
  }
  return a.length - b.length;
}

/** A surrogate stands for a code point above every other UTF-16 unit. */
function byteRank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
