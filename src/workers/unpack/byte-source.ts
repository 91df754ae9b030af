import { TaskError } from '../../shared/protocol/task-error.ts';

/** Reads exact lengths off a stream of chunks. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #position = 0;

  constructor(chunks: AsyncIterator<Uint8Array>) {
    this.#chunks = chunks;
  }

  /** A copy of the next `length` bytes, or of what is left when the stream ends before. */
  async readUpTo(length: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.#position === this.#chunk.length && !(await this.#advance())) return bytes.subarray(0, filled);
      const part = this.#chunk.subarray(this.#position, this.#position + length - filled);
      bytes.set(part, filled);
      filled += part.length;
      this.#position += part.length;
    }
    return bytes;
  }

  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.readUpTo(length);
    if (bytes.length < length) throw truncated();
    return bytes;
  }

  async skip(length: number): Promise<void> {
    let left = length;
    while (left > 0) {
      if (this.#position === this.#chunk.length && !(await this.#advance())) throw truncated();
      const step = Math.min(left, this.#chunk.length - this.#position);
      this.#position += step;
      left -= step;
    }
  }

  async #advance(): Promise<boolean> {
    const next = await this.#chunks.next();
    if (next.done === true) return false;
    this.#chunk = next.value;
    this.#position = 0;
    return true;
  }
}

export function truncated(): TaskError {
  return new TaskError('badArchive', 'artifact is truncated: it ends in the middle of a tar entry');
}
