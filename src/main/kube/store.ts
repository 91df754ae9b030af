import type { ObjectMeta } from '../../shared/objects/object.ts';
import { isNewer } from './resource-version.ts';

/** All that a store needs of an object: what is kept of one may be far less than the server sent. */
export interface Storable {
  readonly metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'resourceVersion'>;
}

/** `namespace/name`; for a cluster-scoped object its name. */
export type ObjectKey = string;

export function keyOf({ metadata }: Storable): ObjectKey {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

/** `now` is undefined once the object is gone, `before` when it is new. Called after the store holds the new state. */
export type ChangeListener<T> = (key: ObjectKey, now: T | undefined, before: T | undefined) => void;

export interface StoreReader<T, I extends string = never> {
  readonly size: number;
  get(key: ObjectKey): T | undefined;
  values(): IteratorObject<T>;
  byIndex(index: I, value: string): readonly T[];
  /** Returns how to stop listening. A listener must not throw. */
  onChange(listener: ChangeListener<T>): () => void;
}

export interface StoreWriter<T> {
  /** What a watch brought, or what the server answered to our own write, which may be ahead of the watch. */
  put(object: T): void;
  /** The object as the watch's DELETED event carries it. */
  remove(object: T): void;
  /** A whole list and the resourceVersion it was taken at. */
  replaceAll(objects: readonly T[], resourceVersion: string): void;
}

type Indexes<T, I extends string> = Readonly<Record<I, (object: T) => readonly string[]>>;

/**
 * The objects of one kind as last seen. Promises, whatever order watch, lists and answers to our own writes come in:
 * an object never goes back to an older version, and one that was deleted does not come back with a late answer.
 * Needs: only objects that its watch would bring too, else nothing ever takes them out.
 */
export class Store<T extends Storable, I extends string = never> implements StoreReader<T, I>, StoreWriter<T> {
  #objects = new Map<ObjectKey, T>();
  readonly #indexes: ReadonlyMap<I, Index<T>>;
  readonly #listeners = new Set<ChangeListener<T>>();
  /** Known only in part: the same version, told whole, is news. */
  readonly #partial = new Set<ObjectKey>();
  #listedAt: string | undefined;
  /** Up to here the list or the watch has told everything: what is absent and not newer than this is gone. */
  #completeUpTo: string | undefined;

  constructor(indexes: Indexes<T, I> = {} as Indexes<T, I>) {
    const entries = Object.entries(indexes) as [I, (object: T) => readonly string[]][];
    this.#indexes = new Map(entries.map(([name, valuesOf]) => [name, { valuesOf, keys: new Map() }]));
  }

  get size(): number {
    return this.#objects.size;
  }

  get(key: ObjectKey): T | undefined {
    return this.#objects.get(key);
  }

  values(): IteratorObject<T> {
    return this.#objects.values();
  }

  byIndex(index: I, value: string): readonly T[] {
    const keys = this.#indexes.get(index)?.keys.get(value) ?? [];
    return [...keys].flatMap((key) => this.#objects.get(key) ?? []);
  }

  onChange(listener: ChangeListener<T>): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  put(object: T): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (!this.#isNews(object, before) && !this.#completes(object, before)) return;
    this.#partial.delete(key);
    this.#set(key, object, before);
    this.#tell(key, object, before);
  }

  /** What the server answered to our own write, where that is less than the watch will tell of the same version. */
  putPartial(object: T): void {
    const key = keyOf(object);
    const before = this.#objects.get(key);
    if (!this.#isNews(object, before)) return;
    this.#partial.add(key);
    this.#set(key, object, before);
    this.#tell(key, object, before);
  }

  remove(object: T): void {
    const version = versionOf(object);
    // A watch tells things in order, so it has nothing more to tell of what happened before this.
    if (isNewer(version, this.#completeUpTo)) this.#completeUpTo = version;
    const key = keyOf(object);
    const before = this.#objects.get(key);
    // Newer than its own deletion: created anew since, and we heard of that first.
    if (before === undefined || isNewer(versionOf(before), version)) return;
    this.#partial.delete(key);
    this.#unset(key, before);
    this.#tell(key, undefined, before);
  }

  replaceAll(objects: readonly T[], resourceVersion: string): void {
    const before = this.#objects;
    const now = this.#wentBack(resourceVersion)
      ? new Map(objects.map((object) => [keyOf(object), object]))
      : newestOf(before, objects, resourceVersion);
    this.#listedAt = resourceVersion;
    this.#completeUpTo = resourceVersion;
    this.#objects = now;
    this.#reindex();
    const completed = new Set([...this.#partial].filter((key) => now.get(key) !== before.get(key)));
    for (const key of completed) this.#partial.delete(key);
    for (const [key, object] of now) {
      const old = before.get(key);
      const isNews = old === undefined || versionOf(old) !== versionOf(object) || completed.has(key);
      if (isNews) this.#tell(key, object, old);
    }
    for (const [key, old] of before) if (!now.has(key)) this.#tell(key, undefined, old);
  }

  #isNews(object: T, before: T | undefined): boolean {
    return isNewer(versionOf(object), before === undefined ? this.#completeUpTo : versionOf(before));
  }

  #completes(object: T, before: T | undefined): boolean {
    return before !== undefined && versionOf(object) === versionOf(before) && this.#partial.has(keyOf(object));
  }

  /** Lists are consistent reads: one older than the last means that the cluster was restored from a backup. */
  #wentBack(resourceVersion: string): boolean {
    return this.#listedAt !== undefined && isNewer(this.#listedAt, resourceVersion);
  }

  #set(key: ObjectKey, object: T, before: T | undefined): void {
    if (before !== undefined) this.#unset(key, before);
    this.#objects.set(key, object);
    for (const index of this.#indexes.values()) addTo(index, key, object);
  }

  #unset(key: ObjectKey, before: T): void {
    this.#objects.delete(key);
    for (const { valuesOf, keys } of this.#indexes.values()) {
      for (const value of valuesOf(before)) {
        const sharing = keys.get(value);
        sharing?.delete(key);
        if (sharing?.size === 0) keys.delete(value);
      }
    }
  }

  #reindex(): void {
    for (const index of this.#indexes.values()) {
      index.keys.clear();
      for (const [key, object] of this.#objects) addTo(index, key, object);
    }
  }

  #tell(key: ObjectKey, now: T | undefined, before: T | undefined): void {
    for (const listener of this.#listeners) listener(key, now, before);
  }
}

interface Index<T> {
  readonly valuesOf: (object: T) => readonly string[];
  readonly keys: Map<string, Set<ObjectKey>>;
}

function addTo<T>(index: Index<T>, key: ObjectKey, object: T): void {
  for (const value of index.valuesOf(object)) {
    const sharing = index.keys.get(value);
    if (sharing === undefined) index.keys.set(value, new Set([key]));
    else sharing.add(key);
  }
}

/** The list, except where an answer to our own write, later than the list, told us more. */
function newestOf<T extends Storable>(before: ReadonlyMap<ObjectKey, T>, objects: readonly T[], listedAt: string) {
  const now = new Map<ObjectKey, T>();
  for (const object of objects) {
    const key = keyOf(object);
    const old = before.get(key);
    now.set(key, old !== undefined && isNewer(versionOf(old), versionOf(object)) ? old : object);
  }
  for (const [key, old] of before) {
    if (!now.has(key) && isNewer(versionOf(old), listedAt)) now.set(key, old);
  }
  return now;
}

function versionOf(object: Storable): string | undefined {
  return object.metadata.resourceVersion;
}
