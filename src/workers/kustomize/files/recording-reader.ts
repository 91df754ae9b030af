import type { DirectoryEntry, Files } from '../../../shared/protocol/file-map.ts';

/** What a build looked at: a later artifact in which all of it is the same builds the same. */
export interface ReadRecord {
  /** Files that were read. */
  readonly files: ReadonlySet<string>;
  /** Paths at which no file was found. */
  readonly missed: ReadonlySet<string>;
  /** Directories of which the whole content was listed. */
  readonly listed: ReadonlySet<string>;
  /** Paths of which it was asked whether they are directories, and the answers. */
  readonly directories: ReadonlyMap<string, boolean>;
}

export interface ReadFile {
  readonly bytes: Uint8Array;
  /** Whether they were encrypted where they lie. */
  readonly decrypted: boolean;
}

/** What becomes of a file's bytes when they are read: here an encrypted file is decrypted, or refused by name. */
export type OpenFile = (path: string, bytes: Uint8Array) => ReadFile;

const asItIs: OpenFile = (_path, bytes) => ({ bytes, decrypted: false });

/** The one way from the build to an artifact's files. */
export class RecordingReader {
  readonly #files: Files;
  readonly #open: OpenFile;
  readonly #opened = new Map<string, ReadFile>();
  readonly #missed = new Set<string>();
  readonly #listed = new Set<string>();
  readonly #directories = new Map<string, boolean>();
  /** Whether decrypted content decided what is done to objects: then it may be in any of them. */
  steeredBySecrets = false;

  constructor(files: Files, open: OpenFile = asItIs) {
    this.#files = files;
    this.#open = open;
  }

  /** A file is opened once, however many kustomizations name it. */
  read(path: string): ReadFile | undefined {
    const known = this.#opened.get(path);
    if (known !== undefined) return known;
    const bytes = this.#files.read(path);
    if (bytes === undefined) {
      this.#missed.add(path);
      return undefined;
    }
    const opened = this.#open(path, bytes);
    this.#opened.set(path, opened);
    return opened;
  }

  realPath(path: string): string {
    return this.#files.realPath?.(path) ?? path;
  }

  list(directory: string): readonly DirectoryEntry[] | undefined {
    this.#listed.add(directory);
    return this.#files.list(directory);
  }

  isDirectory(path: string): boolean {
    let known = this.#directories.get(path);
    if (known === undefined) {
      known = this.#files.list(path) !== undefined;
      this.#directories.set(path, known);
    }
    return known;
  }

  get record(): ReadRecord {
    return {
      files: new Set(this.#opened.keys()),
      missed: this.#missed,
      listed: this.#listed,
      directories: this.#directories,
    };
  }
}
