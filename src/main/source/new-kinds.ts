import type { Clock } from '../../shared/time/clock.ts';
import type { Discovery } from '../kube/discovery.ts';
import { Store } from '../kube/store.ts';
import type { ClusterClient, MetadataObject, Resource } from '../kube/types.ts';
import { type WatchHandle, watchKind } from '../kube/watch.ts';
import type { WatchScope } from '../kube/watch-scope.ts';

export interface NewKindsOptions {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly scope: WatchScope;
  readonly clock: Clock;
  /** Kinds may have come since the last call; discovery knows them already. */
  readonly onInstalled: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** A CRD is served a moment after it is created: several come at once, and one look serves them all. */
const SETTLE_MS = 1_000;
/** Where CRDs may not be watched. */
const LOOK_EVERY_MS = 30_000;

/**
 * Notices that kinds are installed or removed, so that what waits for one need not ask: by a watch on CRDs or, in a
 * scope, which they lie outside of, and where we may not watch them, by looking now and then.
 */
export class NewKinds {
  readonly #options: NewKindsOptions;
  readonly #stopped = new AbortController();
  #watch: WatchHandle | undefined;
  #looking = false;
  #again = false;

  constructor(options: NewKindsOptions) {
    this.#options = options;
  }

  /** Resolves when from here on nothing goes unnoticed. */
  async start(): Promise<void> {
    const { discovery, scope } = this.#options;
    const crds = discovery.find({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' });
    const mayWatch = scope.length === 0 && crds !== undefined && (await this.#watchCrds(crds));
    if (!mayWatch) void this.#lookNowAndThen();
  }

  stop(): void {
    this.#stopped.abort();
    this.#watch?.stop();
  }

  async #watchCrds(resource: Resource): Promise<boolean> {
    const { client, clock } = this.#options;
    const store = new Store<MetadataObject>();
    const refused = Promise.withResolvers<false>();
    const watch = watchKind<MetadataObject>({
      client,
      clock,
      resource,
      form: 'metadata',
      sink: store,
      onRefused: () => {
        watch.stop();
        refused.resolve(false);
      },
    });
    this.#watch = watch;
    const synced = watch.synced.then(() => {
      store.onChange(() => this.#lookSoon());
      return true;
    });
    return Promise.race([synced, refused.promise]);
  }

  async #lookNowAndThen(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      await clock.sleep(LOOK_EVERY_MS, signal).then(
        () => this.#look(),
        () => {},
      );
    }
  }

  async #lookSoon(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false;
      await this.#options.clock.sleep(SETTLE_MS, this.#stopped.signal).then(
        () => this.#look(),
        () => {},
      );
    }
    this.#looking = false;
  }

  async #look(): Promise<void> {
    try {
      await this.#options.discovery.refresh();
      await this.#options.onInstalled();
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#options.failed(error);
    }
  }
}
