import { artifactLimits } from '../../shared/protocol/limits.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import { quoted } from '../quoted.ts';
import { type ByteSource, truncated } from './byte-source.ts';
import { decodeName, entryPath } from './entry-path.ts';
import { parsePax } from './pax.ts';
import { BLOCK_BYTES, hasValidChecksum, isZeroBlock, parseHeader, type TarHeader, untilNul } from './tar-header.ts';

export type TarEntry =
  | { readonly kind: 'file'; readonly path: string; readonly bytes: Uint8Array }
  | { readonly kind: 'symlink' | 'hardlink'; readonly path: string; readonly target: string };

/** What extended headers say about the entry that follows them. */
interface Overrides {
  readonly name?: Uint8Array;
  readonly linkName?: Uint8Array;
  readonly size?: number;
}

/** Everything but regular files, directories and links. */
const refusedTypes: Readonly<Record<string, string>> = {
  '3': 'a character device',
  '4': 'a block device',
  '6': 'a FIFO',
  S: 'a sparse file',
};

/** The files and links of a tar archive, in its order; no byte of an entry is read before its size is known to fit. */
export async function* readEntries(source: ByteSource): AsyncGenerator<TarEntry> {
  let overrides: Overrides = {};
  let entries = 0;
  let extractedBytes = 0;
  let pathsBytes = 0;
  for (let isFirst = true; ; isFirst = false) {
    const header = await readHeader(source, isFirst);
    if (header === undefined) return;
    if (isExtension(header)) {
      overrides = { ...overrides, ...(await readExtension(header, source)) };
      continue;
    }
    const name = overrides.name ?? header.name;
    const linkName = overrides.linkName ?? header.linkName;
    const path = entryPath(name);
    if (++entries > artifactLimits.entries) {
      throw new TaskError('limitExceeded', `artifact holds more than ${artifactLimits.entries} entries`);
    }
    pathsBytes += name.length + linkName.length;
    if (pathsBytes > artifactLimits.allPathsBytes) throw tooLarge('its names are', artifactLimits.allPathsBytes);
    switch (header.type) {
      case '0':
      case '7':
      case '\0': {
        const size = fittingSize(path, overrides.size ?? header.size);
        extractedBytes += size;
        if (extractedBytes > artifactLimits.extractedBytes) {
          throw tooLarge('its files are', artifactLimits.extractedBytes);
        }
        if (isDirectoryName(name)) await source.skip(padded(size));
        else yield { kind: 'file', path: named(path), bytes: await readPadded(source, size) };
        break;
      }
      case '1':
      case '2': {
        const kind = header.type === '1' ? 'hardlink' : 'symlink';
        yield { kind, path: named(path), target: decodeName(linkName) };
        break;
      }
      case '5':
        break; // implied by the files below it
      default: {
        const type = refusedTypes[header.type] ?? `of an unknown type ${quoted(header.type)}`;
        throw new TaskError('badArchive', `artifact entry ${quoted(path)} is ${type}`);
      }
    }
    overrides = {};
  }
}

/** Undefined at the end of the archive: a zero block. */
async function readHeader(source: ByteSource, isFirst: boolean): Promise<TarHeader | undefined> {
  const block = await source.readUpTo(BLOCK_BYTES);
  if (block.length === BLOCK_BYTES) {
    if (isZeroBlock(block)) return undefined;
    if (hasValidChecksum(block)) return parseHeader(block);
    throw isFirst ? noTar('it does not begin with a tar header') : corrupt('a tar header has a bad checksum');
  }
  if (isFirst) throw noTar(block.length === 0 ? 'it is empty' : 'it is too short');
  throw block.length === 0
    ? new TaskError('badArchive', 'artifact is truncated: the end of the tar archive is missing')
    : truncated();
}

function isExtension(header: TarHeader): boolean {
  return 'xgLK'.includes(header.type);
}

async function readExtension(header: TarHeader, source: ByteSource): Promise<Overrides> {
  const size = header.size;
  if (size === undefined || size > artifactLimits.extensionBytes) {
    throw new TaskError('limitExceeded', 'artifact holds an over-long name or extended header');
  }
  const bytes = await readPadded(source, size);
  if (header.type === 'L') return { name: untilNul(bytes) };
  if (header.type === 'K') return { linkName: untilNul(bytes) };
  const records = parsePax(bytes);
  if (records === undefined) throw corrupt('malformed PAX header');
  if (records.sparse) throw new TaskError('badArchive', 'artifact holds a sparse file');
  if (header.type === 'g') return {}; // git writes its commit there
  return {
    ...(records.path && { name: records.path }),
    ...(records.linkpath && { linkName: records.linkpath }),
    ...(records.size !== undefined && { size: records.size }),
  };
}

function fittingSize(path: string, size: number | undefined): number {
  if (size === undefined) throw new TaskError('badArchive', `artifact entry ${quoted(path)} has no valid size`);
  if (size > artifactLimits.entryBytes) throw tooLarge(`${quoted(path)} is`, artifactLimits.entryBytes);
  return size;
}

function tooLarge(whatIs: string, limitBytes: number): TaskError {
  return new TaskError('limitExceeded', `artifact is too large: ${whatIs} over ${limitBytes / 1024 / 1024} MiB`);
}

function noTar(why: string): TaskError {
  return new TaskError('badArchive', `artifact is not a tar archive: ${why}`);
}

function corrupt(why: string): TaskError {
  return new TaskError('badArchive', `artifact is corrupt: ${why}`);
}

function named(path: string): string {
  if (path === '') throw new TaskError('badArchive', 'artifact holds a file without a name');
  return path;
}

/** V7 archives mark a directory by a slash only. */
function isDirectoryName(name: Uint8Array): boolean {
  return name.at(-1) === 0x2f;
}

function padded(size: number): number {
  return Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
}

async function readPadded(source: ByteSource, size: number): Promise<Uint8Array> {
  if (size === 0) return new Uint8Array(0);
  const bytes = await source.read(size);
  await source.skip(padded(size) - size);
  return bytes;
}
