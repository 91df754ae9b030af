import type { Clock } from '../../shared/time/clock.ts';
import type { Discovery } from '../kube/discovery.ts';
import { Store } from '../kube/store.ts';
import type { ClusterClient, MetadataObject } from '../kube/types.ts';
import { type WatchHandle, watchKind } from '../kube/watch.ts';

export interface CrdWatchOptions {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly clock: Clock;
  /** Kinds may have come since the last call; discovery knows them already. */
  readonly onInstalled: () => Promise<void>;
  readonly failed: (error: unknown) => void;
}

/** A CRD is served a moment after it is created: several come at once, and one look serves them all. */
const SETTLE_MS = 1_000;

/** Notices that kinds are installed or removed, so that what waits for one need not ask. */
export class CrdWatch {
  readonly #options: CrdWatchOptions;
  readonly #stopped = new AbortController();
  #watch: WatchHandle | undefined;
  #looking = false;
  #again = false;

  constructor(options: CrdWatchOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    const { client, discovery, clock } = this.#options;
    const resource = discovery.find({ group: 'apiextensions.k8s.io', kind: 'CustomResourceDefinition' });
    if (resource === undefined) return;
    const store = new Store<MetadataObject>();
    this.#watch = watchKind<MetadataObject>({ client, clock, resource, form: 'metadata', sink: store });
    await this.#watch.synced;
    store.onChange(() => this.#look());
  }

  stop(): void {
    this.#stopped.abort();
    this.#watch?.stop();
  }

  async #look(): Promise<void> {
    this.#again = true;
    if (this.#looking) return;
    this.#looking = true;
    try {
      while (this.#again) {
        this.#again = false;
        await this.#options.clock.sleep(SETTLE_MS, this.#stopped.signal);
        await this.#options.discovery.refresh();
        await this.#options.onInstalled();
      }
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#options.failed(error);
    } finally {
      this.#looking = false;
    }
  }
}
