import { Discovery } from '../../main/kube/discovery.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import type { OpenCluster } from '../connection/open-cluster.ts';
import { Reader } from './reader.ts';

/** Connects, and learns which kinds there are. */
export function withReader<T>(
  flags: ConnectionFlags,
  work: (cluster: OpenCluster, reader: Reader) => Promise<T>,
): Promise<T> {
  return withCluster(flags, async (cluster) => {
    const discovery = new Discovery(cluster.client);
    await discovery.refresh();
    return work(cluster, new Reader(cluster.client, discovery));
  });
}
