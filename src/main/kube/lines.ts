/** One event of a watch is one line: far more than the largest object that etcd takes. */
const MAX_LINE_BYTES = 16 * 2 ** 20;
const NEWLINE = 0x0a;

/**
 * Cuts a stream of chunks into lines. Each byte is looked at once and copied once: a long line's pieces wait as they
 * came until its end arrives.
 */
export class LineCutter {
  #pieces: Uint8Array[] = [];
  #waitingBytes = 0;

  /** The lines that this chunk completes. An empty line is none. */
  *cut(chunk: Uint8Array): Generator<string> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end >= 0; end = bytes.indexOf(NEWLINE, start)) {
      const line = this.#completeWith(bytes.subarray(start, end));
      start = end + 1;
      if (line !== '') yield line;
    }
    this.#keep(bytes.subarray(start));
  }

  #completeWith(last: Buffer): string {
    if (this.#pieces.length === 0) return last.toString('utf8');
    const line = Buffer.concat([...this.#pieces, last]).toString('utf8');
    this.#pieces = [];
    this.#waitingBytes = 0;
    return line;
  }

  #keep(rest: Uint8Array): void {
    if (rest.length === 0) return;
    this.#waitingBytes += rest.length;
    if (this.#waitingBytes > MAX_LINE_BYTES) throw new Error(`a line longer than ${MAX_LINE_BYTES >> 20} MiB`);
    this.#pieces.push(rest);
  }
}
