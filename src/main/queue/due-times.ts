interface Due {
  readonly key: string;
  readonly atMs: number;
  /** Of two at the same time, the one set first comes first. */
  readonly order: number;
}

/** When each key is due, the earliest at hand: a binary heap that knows where each key lies. */
export class DueTimes {
  readonly #heap: Due[] = [];
  readonly #indexes = new Map<string, number>();
  #order = 0;

  get first(): { readonly key: string; readonly atMs: number } | undefined {
    return this.#heap[0];
  }

  get size(): number {
    return this.#heap.length;
  }

  /** A key has one time: the last one set. The same again changes nothing. */
  set(key: string, atMs: number): void {
    const index = this.#indexes.get(key);
    if (index !== undefined && this.#heap[index]?.atMs === atMs) return;
    this.delete(key);
    this.#order += 1;
    this.#rise({ key, atMs, order: this.#order }, this.#heap.length);
  }

  delete(key: string): void {
    const index = this.#indexes.get(key);
    if (index === undefined) return;
    this.#indexes.delete(key);
    const last = this.#heap.pop();
    if (last === undefined || last.key === key) return;
    // The last one fills the gap, and may belong above or below it.
    const parent = this.#heap[parentOf(index)];
    if (index > 0 && parent !== undefined && isEarlier(last, parent)) this.#rise(last, index);
    else this.#sink(last, index);
  }

  #rise(due: Due, from: number): void {
    let index = from;
    while (index > 0) {
      const parent = this.#heap[parentOf(index)];
      if (parent === undefined || !isEarlier(due, parent)) break;
      this.#put(parent, index);
      index = parentOf(index);
    }
    this.#put(due, index);
  }

  #sink(due: Due, from: number): void {
    let index = from;
    for (;;) {
      const child = this.#earlierChild(index);
      if (child === undefined || !isEarlier(child.due, due)) break;
      this.#put(child.due, index);
      index = child.index;
    }
    this.#put(due, index);
  }

  #earlierChild(index: number): { readonly due: Due; readonly index: number } | undefined {
    const left = this.#heap[2 * index + 1];
    const right = this.#heap[2 * index + 2];
    if (left === undefined) return undefined;
    if (right !== undefined && isEarlier(right, left)) return { due: right, index: 2 * index + 2 };
    return { due: left, index: 2 * index + 1 };
  }

  #put(due: Due, index: number): void {
    this.#heap[index] = due;
    this.#indexes.set(due.key, index);
  }
}

function parentOf(index: number): number {
  return (index - 1) >> 1;
}

function isEarlier(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
}
