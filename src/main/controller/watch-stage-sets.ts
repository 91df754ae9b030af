import type { StageInventory, StageSet } from '../../shared/api/types.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { KubeError } from '../kube/errors.ts';
import { stageInventoryResource, stageSetResource } from '../kube/own-kinds.ts';
import type { Part, ScopedStore } from '../kube/scoped-store.ts';
import type { ClusterClient, Resource } from '../kube/types.ts';
import { type WatchHandle, watchKind } from '../kube/watch.ts';
import { withoutManagedFields } from '../kube/without-managed-fields.ts';
import type { Log } from '../log/log.ts';
import type { StageSetIndexName } from './stage-sets.ts';

export interface WatchedStageSetsOptions {
  readonly client: ClusterClient;
  readonly clock: Clock;
  readonly log: Log;
  readonly sets: ScopedStore<StageSet, StageSetIndexName>;
  readonly inventories: ScopedStore<StageInventory, 'owner'>;
}

/** StageSets and what is recorded of them, namespace by namespace: one that may not be watched holds up no other. */
export class WatchedStageSets {
  readonly #options: WatchedStageSetsOptions;
  readonly #watches: WatchHandle[] = [];
  #stopped = false;

  constructor(options: WatchedStageSetsOptions) {
    this.#options = options;
  }

  /**
   * No StageSet is known before its inventories are, and before `ready` resolves. Resolves when each namespace is known
   * or refused, and one at least is known.
   */
  async start(ready: Promise<unknown>): Promise<void> {
    const { sets, inventories } = this.#options;
    const namespaces = sets.parts.map((part, i) => this.#startIn(part, inventories.parts[i], ready));
    await Promise.any(namespaces.map(({ known }) => known));
    await Promise.all(namespaces.map(({ known, refused }) => Promise.race([known, refused])));
  }

  stop(): void {
    this.#stopped = true;
    for (const watch of this.#watches) watch.stop();
  }

  #startIn(
    sets: Part<StageSet, StageSetIndexName>,
    inventories: Part<StageInventory, 'owner'> | undefined,
    ready: Promise<unknown>,
  ) {
    const refused = Promise.withResolvers<void>();
    const begin = async () => {
      if (inventories === undefined) throw new Error('stores of two scopes');
      const recorded = this.#watch(stageInventoryResource, inventories, refused.resolve);
      await Promise.all([recorded.synced, ready]);
      if (!this.#stopped) await this.#watch(stageSetResource, sets, refused.resolve).synced;
    };
    return { known: begin(), refused: refused.promise };
  }

  #watch<T extends StageSet | StageInventory, I extends string>(
    resource: Resource,
    { namespace, store }: Part<T, I>,
    refused: () => void,
  ): WatchHandle {
    const { client, clock, log } = this.#options;
    const where = namespace === undefined ? {} : { namespace };
    const watch = watchKind<T>({
      client,
      clock,
      resource,
      ...where,
      form: 'full',
      keep: withoutManagedFields,
      sink: store,
      onRefused: (error) => {
        const what = resource === stageSetResource ? 'StageSets' : 'StageInventories';
        log.error(`cannot watch ${what}: ${remedyFor(error)}`, { error, ...where });
        refused();
      },
      log: (message, fields) => log.warn(message, { ...fields, ...where }),
    });
    this.#watches.push(watch);
    return watch;
  }
}

function remedyFor({ status }: KubeError): string {
  return status === 403 ? 'grant the rights' : 'install the CRDs (kubectl apply --server-side -f crds/)';
}
