import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { joinPath } from '../../shared/protocol/artifact-path.ts';
import { packFiles } from '../../shared/protocol/file-map.ts';
import { artifactLimits } from '../../shared/protocol/limits.ts';
import { RuntimeError, whyUnreadable } from '../cli-error.ts';
import { isLeftOut } from './left-out.ts';

const MiB = 2 ** 20;

/**
 * A folder's files as an unpacked artifact would hold them, within the same limits. A link counts as the file that it
 * leads to within the folder; any other is left out, as everything else that is neither file nor folder.
 */
export async function packFolder(folder: string): Promise<SharedArrayBuffer> {
  const root = await realFolder(folder);
  const files = new Map<string, Uint8Array>();
  let bytes = 0;
  for await (const { path, place } of filesBelow(root, '')) {
    const content = await readWithin(place, path);
    bytes += content.length;
    files.set(path, content);
    if (files.size > artifactLimits.entries) throw tooLarge(folder, `${artifactLimits.entries} files`);
    if (bytes > artifactLimits.extractedBytes) throw tooLarge(folder, `${artifactLimits.extractedBytes / MiB} MiB`);
  }
  return packFiles(files);
}

/** Where a folder really is. */
export async function realFolder(folder: string): Promise<string> {
  try {
    const root = await realpath(folder);
    if ((await stat(root)).isDirectory()) return root;
  } catch (error) {
    throw new RuntimeError(`cannot read the folder "${folder}": ${whyUnreadable(error)}`);
  }
  throw new RuntimeError(`"${folder}" is a file, not a folder`);
}

interface FoundFile {
  /** Within the root, with `/`. */
  readonly path: string;
  readonly place: string;
}

async function* filesBelow(root: string, directory: string): AsyncGenerator<FoundFile> {
  const place = join(root, directory);
  const entries = await readdir(place, { withFileTypes: true }).catch((error: unknown) => {
    throw new RuntimeError(`cannot read the folder "${place}": ${whyUnreadable(error)}`);
  });
  for (const entry of entries) {
    const path = joinPath(directory, entry.name);
    if (entry.isDirectory()) {
      if (!isLeftOut(entry.name, 'folder')) yield* filesBelow(root, path);
    } else if (!isLeftOut(entry.name, 'file')) {
      const real = entry.isSymbolicLink() ? await fileWithin(root, join(root, path)) : join(root, path);
      if (real !== undefined && (entry.isFile() || entry.isSymbolicLink())) yield { path, place: real };
    }
  }
}

/** Undefined for a link to nothing, to no file, or out of the root. */
async function fileWithin(root: string, link: string): Promise<string | undefined> {
  try {
    const real = await realpath(link);
    return real.startsWith(root + sep) && (await stat(real)).isFile() ? real : undefined;
  } catch {
    return undefined;
  }
}

async function readWithin(place: string, path: string): Promise<Uint8Array> {
  try {
    if ((await stat(place)).size <= artifactLimits.entryBytes) return await readFile(place);
  } catch (error) {
    throw new RuntimeError(`cannot read "${place}": ${whyUnreadable(error)}`);
  }
  throw new RuntimeError(`"${path}" is larger than an artifact's file may be, ${artifactLimits.entryBytes / MiB} MiB`);
}

function tooLarge(folder: string, limit: string): RuntimeError {
  return new RuntimeError(`"${folder}" holds more than an artifact may, ${limit}: name a folder within it`);
}
