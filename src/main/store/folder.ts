import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { orAborted } from '../../shared/time/deadline.ts';
import { type Blobs, type Listed, StoreError } from './blobs.ts';

const TEMPORARY = '.writing-';

/** On a volume, perhaps one that several replicas share. A network mount may hang: no caller waits longer than it wants. */
export function folderBlobs(root: string): Blobs {
  return {
    write: (key, bytes, signal) => doing('write', signal, () => writeWhole(join(root, key), bytes)),
    size: (key, signal) => doing('read', signal, () => orNothing(stat(join(root, key)).then(({ size }) => size))),
    read: (key, signal) => doing('read', signal, () => orNothing(readFile(join(root, key)))),
    list: (folder, signal) => doing('list', signal, () => listed(root, folder)),
    remove: (key, signal) => doing('delete', signal, () => removed(root, key)),
  };
}

async function doing<T>(what: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  try {
    return await orAborted(work(), signal);
  } catch (error) {
    if (!hasCode(error)) throw error;
    throw new StoreError(what, error.code, error);
  }
}

/** Beside its place, to the disk, then into its place: a crash leaves no half of an entry under its name. */
async function writeWhole(path: string, bytes: Uint8Array): Promise<void> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = join(folder, `${TEMPORARY}${randomBytes(6).toString('hex')}`);
  try {
    await using file = await open(temporary, 'wx', 0o600);
    await file.writeFile(bytes);
    await file.sync();
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {}); // on a volume that is full, say, this goes
    throw error;
  }
  await using handle = await open(folder, 'r');
  await handle.sync();
}

async function listed(root: string, folder: string): Promise<readonly Listed[]> {
  const found = await orNothing(readdir(join(root, folder), { recursive: true, withFileTypes: true }));
  const files = (found ?? []).filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  const all = await Promise.all(
    files.map(async (path) => {
      const writtenMs = await orNothing(stat(path).then(({ mtimeMs }) => mtimeMs));
      return writtenMs === undefined ? [] : [{ key: relative(root, path).split(sep).join('/'), writtenMs }];
    }),
  );
  return all.flat();
}

/** With the folders that it leaves empty. */
async function removed(root: string, key: string): Promise<void> {
  await rm(join(root, key), { force: true });
  for (let folder = dirname(key); folder !== '.'; folder = dirname(folder)) {
    const isGone = await rmdir(join(root, folder)).then(
      () => true,
      () => false,
    );
    if (!isGone) return;
  }
}

async function orNothing<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (error) {
    if (hasCode(error) && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

function hasCode(error: unknown): error is Error & { readonly code: string } {
  return error instanceof Error && 'code' in error && typeof error.code === 'string';
}
