import { KubeError } from '../../src/main/kube/errors.ts';
import type { ClusterClient, KubeRequest } from '../../src/main/kube/types.ts';

export type Query = Readonly<Record<string, string>>;

/** The real client, whose streams can be cut, held back and asked differently. */
export function faultyStreams(real: ClusterClient) {
  const asked: KubeRequest[] = [];
  let cutter = new AbortController();
  let held = Promise.resolve();
  let change = (query: Query): Query => query;
  const client: ClusterClient = {
    ...real,
    async stream(request) {
      await held;
      const query = change(request.query ?? {});
      change = (unchanged) => unchanged;
      const signal = AbortSignal.any([request.signal ?? cutter.signal, cutter.signal]);
      asked.push({ ...request, query });
      return real.stream({ ...request, query, signal });
    },
  };
  return {
    client,
    /** Of each stream, whether it began with a list. */
    listed: () => asked.map(({ query }) => query?.sendInitialEvents === 'true'),
    changeNext(how: (query: Query) => Query): void {
      change = how;
    },
    async whileCut(work: () => Promise<void>): Promise<void> {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      cutter.abort(new KubeError({ status: 0, reason: 'Network', message: 'cut' }));
      cutter = new AbortController();
      await work();
      resolve();
    },
  };
}
