import type { KubeObject } from '../../src/shared/objects/object.ts';

export type Change = 'ADDED' | 'MODIFIED' | 'DELETED';

/** What is stored of one kind, and who is told of changes. */
export class Objects {
  readonly #objects = new Map<string, KubeObject>();
  readonly #listeners = new Set<(change: Change, object: KubeObject) => void>();
  readonly #nextVersion: () => string;

  constructor(nextVersion: () => string) {
    this.#nextVersion = nextVersion;
  }

  get(key: string): KubeObject | undefined {
    return this.#objects.get(key);
  }

  all(): Iterable<KubeObject> {
    return this.#objects.values();
  }

  put(key: string, object: KubeObject): KubeObject {
    const change = this.#objects.has(key) ? 'MODIFIED' : 'ADDED';
    const stored = { ...object, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } };
    this.#objects.set(key, stored);
    this.#tell(change, stored);
    return stored;
  }

  delete(key: string): KubeObject | undefined {
    const object = this.#objects.get(key);
    if (object === undefined) return undefined;
    this.#objects.delete(key);
    const last = { ...object, metadata: { ...object.metadata, resourceVersion: this.#nextVersion() } };
    this.#tell('DELETED', last);
    return last;
  }

  /** Returns how to stop. */
  listen(tell: (change: Change, object: KubeObject) => void): () => void {
    this.#listeners.add(tell);
    return () => this.#listeners.delete(tell);
  }

  #tell(change: Change, object: KubeObject): void {
    for (const tell of this.#listeners) tell(change, object);
  }
}
