import type { Clock } from '../../shared/time/clock.ts';
import type { Log } from '../log/log.ts';
import type { RollbackStore } from './rollback-store.ts';

export interface Sweep {
  readonly store: RollbackStore;
  /** Which cluster this is: two that were given the same place must not sweep each other's entries away. */
  readonly cluster: string;
  /** Empty: all. */
  readonly namespaces: readonly string[];
  /** Whether this process answers for what goes by this key, `<namespace>/<name>`. */
  readonly isOurs: (key: string) => boolean;
  readonly isThere: (uid: string) => boolean;
  readonly nowMs: number;
}

/** Younger ones may be of a StageSet that the watch has not told of yet. */
const MIN_AGE_MS = 60 * 60_000;

export type Swept = { readonly is: 'swept'; readonly entries: number } | { readonly is: 'not ours' };

/** Deletes what StageSets have left that went while the store was away, or while nobody watched. */
export async function sweep(
  { store, cluster, namespaces, isOurs, isThere, nowMs }: Sweep,
  signal: AbortSignal,
): Promise<Swept> {
  if ((await store.claim(cluster, signal)) !== cluster) return { is: 'not ours' };
  let entries = 0;
  for (const folder of namespaces.length === 0 ? [''] : namespaces.map((namespace) => `${namespace}/`)) {
    for (const { path, key, writtenMs } of await store.entries(folder, signal)) {
      const [namespace, name, uid, ...rest] = path.split('/');
      if (uid === undefined || rest.length !== 2 || writtenMs > nowMs - MIN_AGE_MS) continue;
      if (isThere(uid) || !isOurs(`${namespace}/${name}`)) continue;
      await store.removeEntry(key, signal);
      entries += 1;
    }
  }
  return { is: 'swept', entries };
}

/** When the leases are settled after a start; then once a day. */
const FIRST_MS = 60_000;
const EVERY_MS = 24 * 60 * 60_000;

export interface Keeping {
  readonly clock: Clock;
  readonly log: Log;
}

export async function keepSwept(
  sweepNow: () => Promise<Swept>,
  { clock, log }: Keeping,
  stop: AbortSignal,
): Promise<void> {
  for (let afterMs = FIRST_MS; ; afterMs = EVERY_MS) {
    try {
      await clock.sleep(afterMs, stop);
      const swept = await sweepNow();
      if (swept.is === 'swept') log.info('rollback store swept', { entries: swept.entries });
      else log.warn('the rollback store is another cluster’s: what is left in it is not swept');
    } catch (error) {
      if (stop.aborted) return;
      log.warn('rollback store not swept', { error });
    }
  }
}
