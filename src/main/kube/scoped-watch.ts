import type { KubeObject } from '../../shared/objects/object.ts';
import type { KubeError } from './errors.ts';
import type { ScopedStore } from './scoped-store.ts';
import type { Storable } from './store.ts';
import type { WatchedObject } from './types.ts';
import { type WatchHandle, type WatchOptions, watchKind } from './watch.ts';

export interface ScopedWatch extends WatchHandle {
  /** Resolves when in each namespace all is known, or we were told that we may not know it. */
  readonly answered: Promise<unknown>;
}

/** Keeps a store equal to what the server has, by one watch a namespace. */
export function watchScope<T extends WatchedObject = KubeObject, K extends Storable = T, I extends string = never>(
  options: Omit<WatchOptions<T, K>, 'sink' | 'namespace'>,
  { parts }: ScopedStore<K, I>,
): ScopedWatch {
  const watches = parts.map(({ namespace, store }) => {
    const refused = Promise.withResolvers<void>();
    const onRefused = (error: KubeError) => {
      refused.resolve();
      options.onRefused?.(error);
    };
    const watch = watchKind<T, K>({
      ...options,
      ...(namespace !== undefined && { namespace }),
      sink: store,
      onRefused,
    });
    return { ...watch, answered: Promise.race([watch.synced, refused.promise]) };
  });
  return {
    synced: Promise.all(watches.map(({ synced }) => synced)).then(() => {}),
    answered: Promise.all(watches.map(({ answered }) => answered)),
    stop: () => {
      for (const watch of watches) watch.stop();
    },
  };
}
