import { connect } from '../../main/kube/client.ts';
import { loadClusterConfig } from '../../main/kube/config.ts';
import type { ClusterClient } from '../../main/kube/types.ts';
import { version } from '../../shared/version.ts';
import { type ConnectionFlags, requestTimeoutMs, wishesOf } from './flags.ts';

/** The cluster that the flags mean. */
export interface OpenCluster {
  readonly client: ClusterClient;
  /** Of `--namespace`, else the context's, else `default`. */
  readonly namespace: string;
}

export async function openCluster(flags: ConnectionFlags): Promise<OpenCluster> {
  const timeoutMs = requestTimeoutMs(flags);
  const config = await loadClusterConfig(wishesOf(flags));
  const client = connect(config, {
    userAgent: `stagesetctl/${version()}`,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return { client, namespace: flags.namespace ?? config.namespace ?? 'default' };
}
