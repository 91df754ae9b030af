export interface Keeping {
  /** Whether it goes before everything else when room is needed. */
  readonly dropFirst?: boolean;
}

interface Kept<V> {
  readonly value: V;
  readonly bytes: number;
}

/** Keeps what was used last, up to so many bytes; what is larger than all of them is not kept. */
export class ByteLru<V> {
  // A Map keeps the order of insertion: what is used goes to the end.
  readonly #droppedFirst = new Map<string, Kept<V>>();
  readonly #ordinary = new Map<string, Kept<V>>();
  readonly #limit: number;
  #bytes = 0;
  #dropped = 0;

  constructor(limitBytes: number) {
    this.#limit = limitBytes;
  }

  /** How many have had to go for want of room. */
  get dropped(): number {
    return this.#dropped;
  }

  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    for (const entries of [this.#droppedFirst, this.#ordinary]) {
      const kept = entries.get(key);
      if (kept === undefined) continue;
      entries.delete(key);
      entries.set(key, kept);
      return kept.value;
    }
    return undefined;
  }

  put(key: string, value: V, bytes: number, { dropFirst = false }: Keeping = {}): void {
    this.delete(key);
    if (bytes > this.#limit) return;
    (dropFirst ? this.#droppedFirst : this.#ordinary).set(key, { value, bytes });
    this.#bytes += bytes;
    for (const oldest of this.#inOrderOfDropping()) {
      if (this.#bytes <= this.#limit) return;
      if (oldest === key) continue;
      this.delete(oldest);
      this.#dropped += 1;
    }
  }

  delete(key: string): void {
    for (const entries of [this.#droppedFirst, this.#ordinary]) {
      this.#bytes -= entries.get(key)?.bytes ?? 0;
      entries.delete(key);
    }
  }

  *#inOrderOfDropping(): Generator<string> {
    yield* this.#droppedFirst.keys();
    yield* this.#ordinary.keys();
  }
}
