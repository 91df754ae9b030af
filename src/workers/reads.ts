import { createHash, type Hash } from 'node:crypto';
import type { FileMap } from '../shared/protocol/file-map.ts';
import type { BuildReads } from '../shared/protocol/tasks.ts';
import type { ReadRecord } from './kustomize/files/recording-reader.ts';

/** What a build looked at in an artifact, and what it saw there: encrypted files count as they lie. */
export function readsOf(record: ReadRecord, files: FileMap): BuildReads {
  const listed = [...record.listed].map((path) => ({ path, listed: true }));
  const asked = [...record.directories.keys()].filter((path) => !record.listed.has(path));
  const reads = {
    files: [...record.files, ...record.missed],
    directories: [...listed, ...asked.map((path) => ({ path, listed: false }))],
  };
  return { ...reads, digest: digestOf(reads, files) };
}

/** Whether a build that looks at the same places would see the same there. */
export function sameReads(reads: BuildReads, files: FileMap): boolean {
  return digestOf(reads, files) === reads.digest;
}

function digestOf({ files: paths, directories }: Omit<BuildReads, 'digest'>, files: FileMap): string {
  const digest = createHash('sha256');
  for (const path of paths) {
    const bytes = files.read(path);
    // Lengths first, so that no two different sights hash alike.
    say(digest, ['file', path, bytes?.length]);
    if (bytes !== undefined) digest.update(bytes);
  }
  for (const { path, listed } of directories) {
    const entries = files.list(path);
    say(digest, ['directory', path, listed ? entries : entries !== undefined]);
  }
  return digest.digest('base64url');
}

function say(digest: Hash, what: readonly unknown[]): void {
  const text = JSON.stringify(what);
  digest.update(`${text.length}:${text}`);
}
