import { write as writeFd, writeSync } from 'node:fs';

/** What a reader that has stopped reading may leave with us. */
const MOST_WAITING_BYTES = 4 * 2 ** 20;
/** Somebody else has made the pipe one that never blocks, and it is full. */
const FULL_PIPE_MS = 20;

export type WriteBytes = (bytes: Buffer, done: (error: NodeJS.ErrnoException | null, written: number) => void) => void;

export interface SinkOptions {
  readonly write?: WriteBytes;
  readonly writeNow?: (bytes: Buffer) => number;
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

  constructor({ write = toStdout, writeNow = toStdoutNow, missing }: SinkOptions) {
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
const toStdout: WriteBytes = (bytes, done) => writeFd(STDOUT, bytes, done);
const toStdoutNow = (bytes: Buffer) => writeSync(STDOUT, bytes);
