import type { HeapRoom } from '../../../shared/heap-room.ts';
import { resolveInside } from '../../../shared/protocol/artifact-path.ts';
import { quoted } from '../../quoted.ts';
import { Problem, placed } from '../problem.ts';
import type { ReadFile, RecordingReader } from './recording-reader.ts';

/** How far up a kustomization may reach for files: Flux lets it have the whole artifact, the tool its own folder. */
export type FilesFrom = 'artifact' | 'kustomization';

/** Files as one kustomization sees them, whose paths are relative to its folder. */
export class Loader {
  readonly root: string;
  readonly room: HeapRoom;
  readonly #reader: RecordingReader;
  readonly #filesFrom: FilesFrom;
  readonly #above: Loader | undefined;

  constructor(root: string, reader: RecordingReader, filesFrom: FilesFrom, room: HeapRoom, above?: Loader) {
    this.root = root;
    this.room = room;
    this.#reader = reader;
    this.#filesFrom = filesFrom;
    this.#above = above;
  }

  /** Undefined when there is no such file. */
  find(path: string): ReadFile | undefined {
    return this.#reader.read(this.#locate(path));
  }

  load(path: string): ReadFile {
    const file = this.find(path);
    if (file !== undefined) return file;
    const isDirectory = this.#reader.isDirectory(this.#locate(path));
    throw new Problem('missing', `${this.name(path)} ${isDirectory ? 'is a directory, not a file' : 'does not exist'}`);
  }

  loadText(path: string): string {
    const { bytes } = this.load(path);
    return placed(this.name(path), () => {
      this.room.mustFit(2 * bytes.length);
      return textOfFile(bytes, this.name(path));
    });
  }

  /** The text of a file that says what is done to objects, and is none of them. */
  loadSettings(path: string): string {
    this.mayBeSteeredBy(this.load(path).decrypted);
    return this.loadText(path);
  }

  mayBeSteeredBy(secrets: boolean): void {
    this.#reader.steeredBySecrets ||= secrets;
  }

  get steeredBySecrets(): boolean {
    return this.#reader.steeredBySecrets;
  }

  /** As messages name it: from the artifact's root. */
  name(path: string): string {
    return quoted(resolveInside(this.root, path) ?? path);
  }

  /** Whether there is such a file, within reach or not. */
  isFile(path: string): boolean {
    if (looksRemote(path)) return false;
    const located = resolveInside(this.root, path);
    return located !== undefined && this.#reader.read(located) !== undefined;
  }

  #locate(path: string): string {
    if (/^https?:\/\//i.test(path)) throw remote(path);
    const located = resolveInside(this.root, path);
    if (located === undefined) throw new Problem('outside', `${quoted(path)} leaves the artifact`);
    if (this.#filesFrom === 'kustomization') {
      const root = quoted(this.root);
      if (!this.#isBelow(located)) throw new Problem('outside', `${quoted(path)} is not in or below ${root}`);
      if (!this.#isBelow(this.#reader.realPath(located))) {
        throw new Problem('outside', `${quoted(path)} links to what is not in or below ${root}`);
      }
    }
    return located;
  }

  #isBelow(path: string): boolean {
    return this.root === '' || path.startsWith(`${this.root}/`);
  }

  /** The folder of another kustomization that this one builds on. */
  enter(path: string): Loader {
    if (path === '') throw new Problem('missing', 'a path is empty');
    if (looksRemote(path)) throw remote(path);
    if (path.startsWith('/')) throw new Problem('outside', `${quoted(path)} is absolute`);
    const parts = path.split('/').filter((part) => part !== '' && part !== '.' && part !== '..');
    if (parts.some((part) => part.includes('..'))) {
      throw new Problem('missing', `${quoted(path)} is ambiguous: two dots within a name`);
    }
    const resolved = resolveInside(this.root, path);
    if (resolved === undefined) throw new Problem('outside', `${quoted(path)} leaves the artifact`);
    const located = this.#reader.realPath(resolved);
    if (!this.#reader.isDirectory(located)) {
      throw new Problem('missing', `${quoted(located)} is neither a file nor a directory`);
    }
    this.#refuseCycle(located);
    return new Loader(located, this.#reader, this.#filesFrom, this.room, this);
  }

  /** A folder that this one, or one that led here, lies in would be built without end. */
  #refuseCycle(candidate: string): void {
    const isAbove = candidate === '' || this.root === candidate || this.root.startsWith(`${candidate}/`);
    if (isAbove) {
      throw new Problem('cycle', `${quoted(candidate)} contains ${quoted(this.root)}, which builds on it`);
    }
    if (this.#above !== undefined) this.#above.#refuseCycle(candidate);
  }
}

function remote(path: string): Problem {
  return new Problem('refused', `${quoted(path)} is remote, and only what is in the artifact is built`);
}

/** What kustomize would clone or download. */
function looksRemote(path: string): boolean {
  const plain = path.replace(/^git::/i, '');
  return (
    /^(?:https?|ssh|file):\/\//i.test(plain) ||
    /^github\.com[/:][^/]+\/[^/]/i.test(plain) ||
    /^[a-z][a-z0-9-]*@[^/:]+[/:][^/]*(?:\/|\.git|_git)/i.test(plain)
  );
}

export function textOfFile(bytes: Uint8Array, name: string): string {
  try {
    // A byte order mark is part of the text: who reads it knows what to do with it.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Problem('syntax', `${name} is not UTF-8`);
  }
}
