import type { Clock } from '../../shared/time/clock.ts';
import { KubeError } from '../kube/errors.ts';
import { listPages } from '../kube/requests.ts';
import type { ClusterClient, Resource } from '../kube/types.ts';
import type { WatchScope } from '../kube/watch-scope.ts';
import type { Log } from '../log/log.ts';

export interface WatchedStore<T> {
  readonly resource: Resource;
  readonly scope: WatchScope;
  readonly put: (object: T) => void;
}

const RETRY_MS = 1_000;

/**
 * What the last owner wrote may still be on its way through our watches: an inventory that we did not know would be
 * overwritten. Resolves when the store holds all that was written before now; what was deleted, it learns in its own
 * time.
 */
export async function catchUp<T>(
  store: WatchedStore<T>,
  signal: AbortSignal,
  { client, clock, log }: { readonly client: ClusterClient; readonly clock: Clock; readonly log: Log },
): Promise<void> {
  for (;;) {
    try {
      return await readInto(store, client, signal);
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      log.warn('cannot read what the last owner wrote', { error });
      await clock.sleep(RETRY_MS, signal);
    }
  }
}

async function readInto<T>({ resource, scope, put }: WatchedStore<T>, client: ClusterClient, signal: AbortSignal) {
  const namespaces = scope.length === 0 ? [undefined] : scope;
  for (const namespace of namespaces) {
    for await (const { items } of listPages<T>(client, { resource, namespace, signal })) items.forEach(put);
  }
}
