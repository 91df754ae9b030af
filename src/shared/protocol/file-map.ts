/**
 * An artifact's files in one SharedArrayBuffer: how many there are, for each where its path and its bytes lie (in byte
 * order of paths), the paths, the bytes. It is read where it lies, so that opening it costs nothing, however many files
 * there are. Several workers read it at once; nobody writes to it again.
 */
export interface FileMap extends Files {
  /** In byte order. */
  paths(): readonly string[];
}

/** Files as a build looks at them, wherever they lie. */
export interface Files {
  /** A view of the file's bytes, not a copy. */
  read(path: string): Uint8Array | undefined;
  /** What a directory holds, in byte order of names; undefined when there is no such directory. */
  list(directory: string): readonly DirectoryEntry[] | undefined;
  /** Where a path leads through links, where there are such; itself when it leads nowhere. */
  realPath?(path: string): string;
}

export interface DirectoryEntry {
  readonly name: string;
  readonly kind: 'file' | 'directory';
}

const COUNT_LENGTH = Uint32Array.BYTES_PER_ELEMENT;
/** Where the path begins, its length, where the bytes begin, their length. */
const ENTRY_LENGTH = 4 * Uint32Array.BYTES_PER_ELEMENT;

/** Paths that share their bytes (links) share them here too. */
export function packFiles(files: ReadonlyMap<string, Uint8Array>): SharedArrayBuffer {
  const sorted = [...files].toSorted(([a], [b]) => compareBytes(a, b));
  const paths = sorted.map(([path]) => Buffer.from(path));
  const contents = new Set(files.values());
  const indexLength = COUNT_LENGTH + ENTRY_LENGTH * sorted.length;
  const packed = Buffer.from(new SharedArrayBuffer(indexLength + lengthOf(paths) + lengthOf(contents)));

  let end = indexLength;
  const put = (bytes: Uint8Array): number => {
    packed.set(bytes, end);
    end += bytes.length;
    return end - bytes.length;
  };
  const pathOffsets = paths.map(put);
  const contentOffsets = new Map([...contents].map((bytes) => [bytes, put(bytes)]));

  let at = packed.writeUInt32LE(sorted.length);
  for (const [index, [, bytes]] of sorted.entries()) {
    at = packed.writeUInt32LE(pathOffsets[index] ?? 0, at);
    at = packed.writeUInt32LE(paths[index]?.length ?? 0, at);
    at = packed.writeUInt32LE(contentOffsets.get(bytes) ?? 0, at);
    at = packed.writeUInt32LE(bytes.length, at);
  }
  return packed.buffer as SharedArrayBuffer;
}

function lengthOf(parts: Iterable<Uint8Array>): number {
  let length = 0;
  for (const part of parts) length += part.length;
  return length;
}

export function openFileMap(buffer: SharedArrayBuffer): FileMap {
  const packed = Buffer.from(buffer);
  const count = packed.readUInt32LE(0);

  const placeOf = (index: number, part: 'path' | 'content'): readonly [start: number, length: number] => {
    const at = COUNT_LENGTH + ENTRY_LENGTH * index + (part === 'path' ? 0 : ENTRY_LENGTH / 2);
    return [packed.readUInt32LE(at), packed.readUInt32LE(at + ENTRY_LENGTH / 4)];
  };
  /** How `bound` stands to the path: before it, equal, after it. */
  const comparePath = (index: number, bound: Uint8Array): number => {
    const [start, length] = placeOf(index, 'path');
    return -packed.compare(bound, 0, bound.length, start, start + length);
  };
  const pathAt = (index: number): string => {
    const [start, length] = placeOf(index, 'path');
    return packed.toString('utf8', start, start + length);
  };

  function firstNotBefore(bound: string): number {
    const bytes = Buffer.from(bound);
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePath(middle, bytes) > 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  return {
    read(path) {
      const index = firstNotBefore(path);
      if (index === count || comparePath(index, Buffer.from(path)) !== 0) return undefined;
      const [start, length] = placeOf(index, 'content');
      return new Uint8Array(buffer, start, length);
    },
    /** What lies below a directory lies together: from `a/` up to, in byte order, `a0`. */
    list(directory) {
      const prefix = directory === '' ? '' : `${directory}/`;
      const entries: DirectoryEntry[] = [];
      let at = firstNotBefore(prefix);
      while (at < count) {
        const path = pathAt(at);
        if (!path.startsWith(prefix)) break;
        const slash = path.indexOf('/', prefix.length);
        const isFile = slash < 0;
        entries.push({
          name: path.slice(prefix.length, isFile ? undefined : slash),
          kind: isFile ? 'file' : 'directory',
        });
        at = isFile ? at + 1 : firstNotBefore(`${path.slice(0, slash)}0`);
      }
      if (entries.length === 0 && directory !== '') return undefined;
      return entries.toSorted((a, b) => compareBytes(a.name, b.name));
    },
    paths: () => Array.from({ length: count }, (_, index) => pathAt(index)),
  };
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
