/**
 * The way to the cluster, for every command that needs one:
 *
 *     await withCluster(flags, async (cluster) => { const set = await readStageSet(cluster, name); … });
 *
 * Connects as kubectl's flags say, closes the connection whatever happens, and turns what went wrong on the way into one
 * line with what to do next. `cluster` has a `client` and the `namespace` that is meant.
 */
import type { ConnectionFlags } from '../connection/flags.ts';
import { type OpenCluster, openCluster } from '../connection/open-cluster.ts';
import { explainError } from './explain-error.ts';

export async function withCluster<T>(flags: ConnectionFlags, work: (cluster: OpenCluster) => Promise<T>): Promise<T> {
  const cluster = await openCluster(flags);
  try {
    return await work(cluster);
  } catch (error) {
    throw explainError(error);
  } finally {
    await cluster.client.close();
  }
}
