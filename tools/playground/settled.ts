/** Tells of each new content once, when it is found the same twice in a row: before that its author may still be writing it. */
export class Settled {
  readonly #found = new Map<string, string>();
  readonly #told = new Map<string, string>();

  isNews(key: string, content: string): boolean {
    const isWritten = this.#found.get(key) === content;
    this.#found.set(key, content);
    if (!isWritten || this.#told.get(key) === content) return false;
    this.#told.set(key, content);
    return true;
  }
}
