import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';

/** Contents by slash-separated path. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A tar.gz as source-controller writes it: folders listed, modes and times the same for all, equal bytes for equal files. */
export async function packArchive(files: Files): Promise<Buffer> {
  const tar = pack();
  const whole = buffer(tar);
  for (const path of [...foldersOf(files), ...Object.keys(files)].toSorted(byComponents)) {
    const content = files[path];
    if (content === undefined) tar.entry({ name: path, type: 'directory', mode: 0o750, mtime });
    else tar.entry({ name: path, mode: 0o600, mtime }, Buffer.from(content));
  }
  tar.finalize();
  return gzipSync(await whole);
}

const mtime = new Date(0);

function foldersOf(files: Files): ReadonlySet<string> {
  const folders = new Set(['.']);
  for (const path of Object.keys(files)) {
    const components = path.split('/');
    for (let depth = 1; depth < components.length; depth += 1) folders.add(components.slice(0, depth).join('/'));
  }
  return folders;
}

/** As a walk meets them: a folder before what is in it, names by their bytes. */
function byComponents(a: string, b: string): number {
  if (a === '.' || b === '.') return Number(b === '.') - Number(a === '.');
  const separatorFirst = (path: string) => Buffer.from(path.replaceAll('/', '\0'));
  return Buffer.compare(separatorFirst(a), separatorFirst(b));
}
