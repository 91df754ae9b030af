import { type ChangeListener, keyOf, type ObjectKey, type Storable, Store, type StoreReader } from './store.ts';
import type { WatchScope } from './watch-scope.ts';

type Indexes<T, I extends string> = Readonly<Record<I, (object: T) => readonly string[]>>;

/** One namespace of a scope, or, where it is all of them, `namespace: undefined`. */
export interface Part<T extends Storable, I extends string> {
  readonly namespace: string | undefined;
  readonly store: Store<T, I>;
}

/**
 * The objects of one kind in a scope, read as one store. Each namespace has a store of its own behind it, for its
 * watch lists in its own time: what one has told says nothing of how far another has got.
 */
export class ScopedStore<T extends Storable, I extends string = never> implements StoreReader<T, I> {
  readonly parts: readonly Part<T, I>[];

  constructor(scope: WatchScope, indexes: Indexes<T, I>) {
    const namespaces = scope.length === 0 ? [undefined] : scope;
    this.parts = namespaces.map((namespace) => ({ namespace, store: new Store(indexes) }));
  }

  get size(): number {
    return this.parts.reduce((sum, { store }) => sum + store.size, 0);
  }

  get(key: ObjectKey): T | undefined {
    return this.#storeOf(key)?.get(key);
  }

  *#all(): Generator<T> {
    for (const { store } of this.parts) yield* store.values();
  }

  values(): IteratorObject<T> {
    return this.#all();
  }

  byIndex(index: I, value: string): readonly T[] {
    return this.parts.flatMap(({ store }) => store.byIndex(index, value));
  }

  onChange(listener: ChangeListener<T>): () => void {
    const ends = this.parts.map(({ store }) => store.onChange(listener));
    return () => {
      for (const end of ends) end();
    };
  }

  /** What lies outside the scope is not kept: no watch would ever take it out. */
  put(object: T): void {
    this.#storeOf(keyOf(object))?.put(object);
  }

  #storeOf(key: ObjectKey): Store<T, I> | undefined {
    const namespace = key.slice(0, key.indexOf('/'));
    return this.parts.find((part) => part.namespace === undefined || part.namespace === namespace)?.store;
  }
}
