import { constants, fstatSync, openSync, write, writeSync } from 'node:fs';

/** What a reader that has stopped reading may leave with us. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;
/** How long a pipe that is full is left to its reader. */
const FULL_PIPE_MS = 20;

export type WriteBytes = (bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void) => void;

export interface SinkOptions {
  readonly write: WriteBytes;
  readonly writeNow: (bytes: Buffer) => number;
  /** The line that tells how many are missing. */
  readonly missing: (lines: number) => string;
}

/**
 * Where log lines go: standard output, but never with the process waiting for its reader, as it would for
 * `process.stdout` on a pipe. Lines gather while a write is under way; beyond what may wait they are left out and
 * counted. Once nobody reads any more, as with a closed pipe, all are.
 */
export class LogSink {
  readonly #write: WriteBytes;
  readonly #writeNow: (bytes: Buffer) => number;
  readonly #missingLine: (lines: number) => string;
  #waiting: string[] = [];
  #waitingBytes = 0;
  #missing = 0;
  #underWay: Promise<void> | undefined;
  #writing = false;
  #closed = false;

  constructor({ write, writeNow, missing }: SinkOptions) {
    this.#write = write;
    this.#writeNow = writeNow;
    this.#missingLine = missing;
  }

  readonly take = (line: string): void => {
    if (this.#closed) return;
    const bytes = Buffer.byteLength(line);
    if (this.#waitingBytes + bytes > MOST_WAITING_BYTES) {
      this.#missing += 1;
      return;
    }
    this.#waiting.push(line);
    this.#waitingBytes += bytes;
    this.#underWay ??= this.#writeAll();
  };

  /** Resolves when nothing waits any more. */
  async drained(): Promise<void> {
    await this.#underWay;
  }

  /** What is left when the process ends all the same, as after a crash; not behind a reader that does not read. */
  flush(): void {
    if (this.#writing) return;
    try {
      let bytes = this.#takeWaiting();
      while (bytes.length > 0 && !this.#closed) bytes = bytes.subarray(this.#writeNow(bytes));
    } catch {
      this.#closed = true; // the last that could be done
    }
  }

  async #writeAll(): Promise<void> {
    while (this.#waiting.length > 0 && !this.#closed) {
      await Promise.resolve(); // lines of one turn go together
      let bytes = this.#takeWaiting();
      while (bytes.length > 0 && !this.#closed) bytes = bytes.subarray(await this.#written(bytes));
    }
    this.#underWay = undefined;
  }

  #takeWaiting(): Buffer {
    const lines = this.#missing === 0 ? this.#waiting : [...this.#waiting, this.#missingLine(this.#missing)];
    this.#waiting = [];
    this.#waitingBytes = 0;
    this.#missing = 0;
    return Buffer.from(lines.join(''));
  }

  #written(bytes: Buffer): Promise<number> {
    return new Promise((resolve) => {
      this.#writing = true;
      this.#write(bytes, (error, written) => {
        this.#writing = false;
        if (error === null) resolve(written);
        else if (error.code === 'EAGAIN') setTimeout(() => resolve(0), FULL_PIPE_MS);
        else {
          this.#closed = true;
          this.#waiting = [];
          resolve(0);
        }
      });
    });
  }
}

const STDOUT = 1;

/**
 * A pipe is opened once more, for us alone and never to block: a thread that waits for a reader would keep the process
 * from ending. Where that cannot be, as with sockets, it is taken as it is.
 */
function openStdout(): number {
  try {
    if (!fstatSync(STDOUT).isFIFO()) return STDOUT;
    return openSync(`/proc/self/fd/${STDOUT}`, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return STDOUT;
  }
}

export function standardOutput(): Pick<SinkOptions, 'write' | 'writeNow'> {
  const fd = openStdout();
  return { write: (bytes, done) => write(fd, bytes, done), writeNow: (bytes) => writeSync(fd, bytes) };
}
