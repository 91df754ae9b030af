import type { ObjectMeta } from '../../shared/objects/object.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { Store } from '../kube/store.ts';
import type { ClusterClient, MetadataObject, Resource } from '../kube/types.ts';
import { type WatchHandle, watchKind } from '../kube/watch.ts';

/** The objects of one kind in one namespace. */
export interface Place {
  readonly resource: Resource;
  readonly namespace: string;
}

/** What is kept of an object: enough to see that it is another. */
interface Referenced {
  readonly metadata: Pick<ObjectMeta, 'name' | 'namespace' | 'resourceVersion' | 'uid' | 'generation'>;
}

export interface ReferencedObjectsOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  /** An object came, went or changed, in its spec where its kind counts generations. */
  readonly onChange: (resource: Resource, name: string, namespace: string) => void;
}

interface WatchedPlace {
  readonly watch: WatchHandle;
  readonly users: Set<string>;
  readonly answered: Promise<unknown>;
  isAnswered: boolean;
}

/** A place that we may not watch costs the server one request in this time, however many need it. */
const REFUSED_FOR_MS = 60_000;

/**
 * Tells of changes to what StageSets name without applying it: ConfigMaps and producers. One metadata-only watch a
 * kind and namespace, shared by all who need it and dropped with the last of them.
 */
export class ReferencedObjects {
  readonly #options: ReferencedObjectsOptions;
  readonly #places = new Map<string, WatchedPlace>();
  readonly #refusedUntilMs = new Map<string, number>();

  constructor(options: ReferencedObjectsOptions) {
    this.#options = options;
  }

  /**
   * Watches exactly these for this user from now on. Undefined when they are watched; else resolves when they are, or
   * when it is known that they may not be.
   */
  need(user: string, places: readonly Place[]): Promise<unknown> | undefined {
    const wanted = new Map(places.map((place) => [keyOf(place), place]));
    for (const [key, place] of wanted) {
      if (!this.#isRefused(key)) (this.#places.get(key) ?? this.#begin(key, place)).users.add(user);
    }
    for (const [key, watched] of this.#places) {
      if (!wanted.has(key)) this.#leave(user, key, watched);
    }
    const unknown = [...wanted.keys()].flatMap((key) => this.#places.get(key) ?? []).filter((each) => !each.isAnswered);
    return unknown.length === 0 ? undefined : Promise.all(unknown.map(({ answered }) => answered));
  }

  /** This user is gone. */
  forget(user: string): void {
    for (const [key, watched] of this.#places) this.#leave(user, key, watched);
  }

  stop(): void {
    for (const { watch } of this.#places.values()) watch.stop();
    this.#places.clear();
  }

  #begin(key: string, { resource, namespace }: Place): WatchedPlace {
    const { client, clock, log, onChange } = this.#options;
    const store = new Store<Referenced>();
    const refused = Promise.withResolvers<void>();
    const watch = watchKind<MetadataObject, Referenced>({
      client,
      clock,
      resource,
      namespace,
      form: 'metadata',
      keep: toReferenced,
      sink: {
        put: (object) => store.put(object),
        remove: (object) => store.remove(object),
        replaceAll: (objects, version) => {
          store.replaceAll(objects, version);
          watched.isAnswered = true; // what was there when the watch began is no news
        },
      },
      onRefused: (error) => {
        watch.stop();
        if (this.#places.get(key) === watched) this.#places.delete(key);
        if (error.status === 403 && !this.#refusedUntilMs.has(key)) {
          log('may not be watched: changes are noticed at the interval', { kind: resource.kind, namespace, error });
        }
        this.#refusedUntilMs.set(key, clock.elapsedMs() + REFUSED_FOR_MS);
        refused.resolve();
      },
      log: (message, fields) => log(message, { namespace, ...fields }),
    });
    const answered = Promise.race([watch.synced, refused.promise]);
    const watched: WatchedPlace = { watch, users: new Set(), answered, isAnswered: false };
    store.onChange((_key, now, before) => {
      const name = (now ?? before)?.metadata.name;
      if (name !== undefined && watched.isAnswered && isNews(now, before)) onChange(resource, name, namespace);
    });
    this.#places.set(key, watched);
    return watched;
  }

  #isRefused(key: string): boolean {
    return (this.#refusedUntilMs.get(key) ?? Number.NEGATIVE_INFINITY) > this.#options.clock.elapsedMs();
  }

  #leave(user: string, key: string, watched: WatchedPlace): void {
    if (!watched.users.delete(user) || watched.users.size > 0) return;
    watched.watch.stop();
    this.#places.delete(key);
  }
}

function keyOf({ resource: { group, kind }, namespace }: Place): string {
  return `${group}/${kind}/${namespace}`;
}

function toReferenced({ metadata }: MetadataObject): Referenced {
  const { name, namespace, resourceVersion, uid, generation } = metadata;
  return {
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ...(resourceVersion !== undefined && { resourceVersion }),
      ...(uid !== undefined && { uid }),
      ...(generation !== undefined && { generation }),
    },
  };
}

function isNews(now: Referenced | undefined, before: Referenced | undefined): boolean {
  if (now === undefined || before === undefined || now.metadata.uid !== before.metadata.uid) return true;
  return now.metadata.generation === undefined || now.metadata.generation !== before.metadata.generation;
}
