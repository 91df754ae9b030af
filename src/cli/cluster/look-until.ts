/**
 * For commands that follow one StageSet: `lookUntil(cluster, name, look)` calls `look` with it, as it is now and each
 * time it changes, until `look` returns something; with `undefined` once it is gone. A cut connection is taken up again.
 */
import { stageSetResource } from '../../main/kube/own-kinds.ts';
import { watchKind } from '../../main/kube/watch.ts';
import type { StageSet } from '../../shared/api/types.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import { warn } from '../tell.ts';
import { readStageSet } from './stage-sets.ts';

export type Look<T> = (set: StageSet | undefined) => T | undefined;

export async function lookUntil<T>(
  cluster: OpenCluster,
  name: string,
  look: Look<T>,
  signal?: AbortSignal,
): Promise<T> {
  const now = look(await readStageSet(cluster, name, signal));
  if (now !== undefined) return now;
  const { promise, resolve, reject } = Promise.withResolvers<T>();
  const lookAt: Look<never> = (set) => {
    try {
      const answer = look(set);
      if (answer !== undefined) resolve(answer);
    } catch (error) {
      reject(error);
    }
    return undefined;
  };
  const watch = watchKind<StageSet & { readonly [field: string]: unknown }>({
    client: cluster.client,
    resource: stageSetResource,
    namespace: cluster.namespace,
    fieldSelector: `metadata.name=${name}`,
    form: 'full',
    sink: { put: lookAt, remove: () => lookAt(undefined), replaceAll: ([set]) => lookAt(set) },
    onRefused: reject,
    log: (message, { error }) => warn(error === undefined ? message : `${message}: ${String(error)}`),
  });
  const giveUp = () => reject(signal?.reason);
  signal?.addEventListener('abort', giveUp);
  try {
    return await promise;
  } finally {
    signal?.removeEventListener('abort', giveUp);
    watch.stop();
  }
}
