import { connect } from '../../main/kube/client.ts';
import { loadClusterConfig } from '../../main/kube/config.ts';
import type { ClusterClient } from '../../main/kube/types.ts';
import { version } from '../../shared/version.ts';
import { RuntimeError, whyUnreadable } from '../cli-error.ts';
import { type ConnectionFlags, namespaceOf, requestTimeoutMs, wishesOf } from './flags.ts';

/** The cluster that the flags mean. */
export interface OpenCluster {
  readonly client: ClusterClient;
  /** Of `--namespace`, else the context's, else `default`. */
  readonly namespace: string;
}

export async function openCluster(flags: ConnectionFlags): Promise<OpenCluster> {
  const timeoutMs = requestTimeoutMs(flags);
  const namespace = namespaceOf(flags);
  const config = await loadClusterConfig(wishesOf(flags)).catch(explainUnreadable);
  const client = connect(config, {
    userAgent: `stagesetctl/${version()}`,
    ...(timeoutMs !== undefined && { timeoutMs }),
  });
  return { client, namespace: namespace ?? config.namespace ?? 'default' };
}

/** A kubeconfig, or a file that it or a flag names: what the system says of it is no sentence. */
function explainUnreadable(error: unknown): never {
  const { message, cause } = error instanceof Error ? error : new Error(String(error));
  if (!(cause instanceof Error) || !('code' in cause) || !message.endsWith(`: ${cause.message}`)) throw error;
  const where = message.slice(0, -cause.message.length - 2);
  const file = 'path' in cause ? String(cause.path) : '';
  const what = file === '' || where.endsWith(` ${file}`) ? where : `${where}: cannot read "${file}"`;
  throw new RuntimeError(`${what}: ${whyUnreadable(cause)}: choose another with --kubeconfig or KUBECONFIG`, { cause });
}
