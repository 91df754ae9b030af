import type { Clock } from '../../shared/time/clock.ts';
import type { ClusterClient, WatchedObject } from '../kube/types.ts';
import { type WatchHandle, type WatchOptions, watchKind } from '../kube/watch.ts';

/** What one watch brings. */
export type Watching = Pick<
  WatchOptions<WatchedObject>,
  'resource' | 'namespace' | 'labelSelector' | 'fieldSelector' | 'form' | 'as'
>;

export interface Watcher {
  seen(object: WatchedObject): void;
  gone(name: string): void;
  /** These are all there are. */
  all(objects: readonly WatchedObject[]): void;
  /** The server does not let us watch: nothing more comes. */
  refused(): void;
}

export interface Joined {
  /** Others have been told of what is there: who comes now has to ask for himself, once. */
  readonly late: boolean;
  readonly leave: () => void;
}

interface SharedWatch {
  readonly handle: WatchHandle;
  readonly watchers: Set<Watcher>;
  isSynced: boolean;
}

/**
 * The watches of objects that runs wait for, on one cluster: a thousand runs that wait for the same ConfigMap, or each
 * for a Job of its own in one namespace, cost the server one stream. Nothing is kept of the objects.
 */
export class ObjectWatches {
  readonly #client: ClusterClient;
  readonly #clock: Clock;
  readonly #watches = new Map<string, SharedWatch>();
  #apart = 0;

  constructor(client: ClusterClient, clock: Clock) {
    this.#client = client;
    this.#clock = clock;
  }

  /** `apart`: not with those that are there already. */
  join(what: Watching, watcher: Watcher, { apart = false } = {}): Joined {
    if (apart) this.#apart += 1;
    const key = apart ? `${keyOf(what)} ${this.#apart}` : keyOf(what);
    const shared = this.#watches.get(key) ?? this.#begin(key, what);
    shared.watchers.add(watcher);
    return { late: shared.isSynced, leave: () => this.#leave(key, shared, watcher) };
  }

  #begin(key: string, what: Watching): SharedWatch {
    const watchers = new Set<Watcher>();
    const tell = (news: (watcher: Watcher) => void) => {
      for (const watcher of [...watchers]) if (watchers.has(watcher)) news(watcher);
    };
    const handle = watchKind<WatchedObject>({
      ...what,
      client: this.#client,
      clock: this.#clock,
      sink: {
        put: (object) => tell((watcher) => watcher.seen(object)),
        remove: ({ metadata }) => tell((watcher) => watcher.gone(metadata.name)),
        replaceAll: (objects) => {
          shared.isSynced = true;
          tell((watcher) => watcher.all(objects));
        },
      },
      onRefused: () => {
        this.#end(key, shared);
        tell((watcher) => watcher.refused());
      },
    });
    const shared: SharedWatch = { handle, watchers, isSynced: false };
    this.#watches.set(key, shared);
    return shared;
  }

  #leave(key: string, shared: SharedWatch, watcher: Watcher): void {
    if (shared.watchers.delete(watcher) && shared.watchers.size === 0) this.#end(key, shared);
  }

  #end(key: string, shared: SharedWatch): void {
    shared.handle.stop();
    if (this.#watches.get(key) === shared) this.#watches.delete(key);
  }
}

function keyOf({ resource, namespace, labelSelector, fieldSelector, form, as }: Watching): string {
  const { group, version, plural } = resource;
  return JSON.stringify([group, version, plural, namespace, labelSelector, fieldSelector, form, as]);
}
