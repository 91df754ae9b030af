import { isNilOrEmpty } from '../nodes/node.ts';
import { Problem } from '../problem.ts';
import { describeId, idKey, type ResId } from './ids.ts';
import type { Resource } from './resource.ts';

/**
 * The objects of a build in the order they came in. Looking one up by an identity costs the same however many there
 * are: who changes an identity says so with `idsChanged`, and the indices are made again when they are next needed.
 */
export class ResourceList {
  #items: Resource[] = [];
  #byCurrentId: Map<string, Resource[]> | undefined;
  #byAnyId: Map<string, Resource[]> | undefined;
  #mayConflict = false;

  get items(): readonly Resource[] {
    return this.#items;
  }

  idsChanged(): void {
    this.#mayConflict = true;
    this.#byCurrentId = undefined;
    this.#byAnyId = undefined;
  }

  /** Refuses a second object of one identity. */
  append(resource: Resource): void {
    const { id } = resource;
    const key = idKey(id);
    const index = this.#currentIds();
    const other = index.get(key)?.[0];
    if (other !== undefined) {
      throw new Problem('conflict', `${describeId(id)} is there twice: ${other.source} and ${resource.source}`);
    }
    index.set(key, [resource]);
    if (this.#byAnyId !== undefined) add(this.#byAnyId, anyKeysOf(resource), resource);
    this.#items.push(resource);
  }

  appendAll(resources: Iterable<Resource>): void {
    for (const resource of resources) this.append(resource);
  }

  /** In another order, or without some; refuses what `append` would. */
  reset(resources: readonly Resource[]): void {
    this.#items = [];
    this.idsChanged();
    this.appendAll(resources);
  }

  /** In its place. */
  replace(old: Resource, resource: Resource): void {
    this.#items[this.#items.indexOf(old)] = resource;
    this.idsChanged();
  }

  keep(wanted: (resource: Resource) => boolean): void {
    const kept = this.#items.filter(wanted);
    if (kept.length === this.#items.length) return;
    this.#items = kept;
    this.idsChanged();
  }

  dropEmpty(): void {
    this.keep(({ node }) => !isNilOrEmpty(node));
  }

  /** Changes one object; the indices stand as long as it remains who it is. */
  change(resource: Resource, work: () => void): void {
    const before = idKey(resource.id);
    work();
    if (idKey(resource.id) !== before) this.idsChanged();
  }

  /** Who is this now or was at any time. */
  withAnyId(id: ResId): readonly Resource[] {
    this.#byAnyId ??= indexed(this.#items, anyKeysOf);
    return this.#byAnyId.get(idKey(id)) ?? [];
  }

  /** Refuses two objects of one identity that came about by changes. */
  refuseConflicts(): void {
    if (!this.#mayConflict) return;
    this.#mayConflict = false;
    for (const [first, second] of this.#currentIds().values()) {
      if (first === undefined || second === undefined) continue;
      throw new Problem('conflict', `${describeId(first.id)} is there twice: ${first.source} and ${second.source}`);
    }
  }

  #currentIds(): Map<string, Resource[]> {
    this.#byCurrentId ??= indexed(this.#items, ({ id }) => [idKey(id)]);
    return this.#byCurrentId;
  }
}

function anyKeysOf({ allIds }: Resource): ReadonlySet<string> {
  return new Set(allIds.map(idKey));
}

function indexed(resources: readonly Resource[], keysOf: (resource: Resource) => Iterable<string>) {
  const index = new Map<string, Resource[]>();
  for (const resource of resources) add(index, keysOf(resource), resource);
  return index;
}

function add(index: Map<string, Resource[]>, keys: Iterable<string>, resource: Resource): void {
  for (const key of keys) {
    const found = index.get(key);
    if (found === undefined) index.set(key, [resource]);
    else found.push(resource);
  }
}
