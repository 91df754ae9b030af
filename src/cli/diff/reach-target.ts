import { accountOf, type Reach } from '../../main/apply/cluster.ts';
import { clusterData } from '../../main/build/cluster-data.ts';
import { connect } from '../../main/kube/client.ts';
import { configFor } from '../../main/kube/config.ts';
import { Discovery } from '../../main/kube/discovery.ts';
import { type ClusterClient, unleased } from '../../main/kube/types.ts';
import { overrideManagers } from '../../main/live/override-managers.ts';
import { guardedLookup } from '../../main/outbound/guarded-connect.ts';
import { tenantDestination } from '../../main/remote/tenant-kubeconfig.ts';
import { defaultValues } from '../../shared/api/default-values.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { systemClock } from '../../shared/time/clock.ts';
import type { ClusterOrigin } from '../build/from-cluster.ts';
import { RuntimeError } from '../cli-error.ts';
import { dryOnly } from './dry-only.ts';

/** The cluster that the stages are applied to, where nothing is written, and as whom it is asked. */
export async function reachTarget(
  { set, cluster, discovery }: ClusterOrigin,
  { asTenant = false }: { readonly asTenant?: boolean },
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<Reach> {
  const as = asTenant ? accountOf(set) : undefined;
  const isOverridden = overrideManagers([]);
  const reached = (client: ClusterClient, found: Discovery): Reach => ({
    as,
    lease: unleased,
    cluster: { client: dryOnly(client), discovery: found, live: { isOverridden } },
  });
  if (set.spec.kubeConfig === undefined) return reached(cluster.client, discovery);
  const client = await connectElsewhere(await kubeconfigOf(set, cluster.client, as, signal));
  closing.defer(() => client.close());
  const there = new Discovery(client, as === undefined ? {} : { as });
  await there.refresh();
  return reached(client, there);
}

/** Whoever wrote it, it runs no command here and reads none of our files. */
async function connectElsewhere(kubeconfig: string): Promise<ClusterClient> {
  const outbound = { allowLoopback: true, allowLinkLocal: false };
  const config = await configFor(tenantDestination(kubeconfig, { outbound, allowInsecureTls: false }), systemClock);
  return connect({ ...config, untrusted: { lookup: guardedLookup(outbound), maxAnswerBytes: 16 * 2 ** 20 } });
}

async function kubeconfigOf(
  { metadata, spec }: StageSet,
  client: ClusterClient,
  as: string | undefined,
  signal: AbortSignal,
): Promise<string> {
  const { namespace = '' } = metadata;
  const { name = '', key } = spec.kubeConfig?.secretRef ?? {};
  const data = await clusterData({ client, namespace, as, signal })('Secret', name);
  const keys = key === undefined ? defaultValues.kubeConfigKeys : [key];
  const kubeconfig = keys.flatMap((each) => data?.[each] ?? []).at(0);
  if (kubeconfig !== undefined) return kubeconfig;
  const where = `spec.kubeConfig: Secret ${namespace}/${name}`;
  throw new RuntimeError(data === undefined ? `${where} does not exist` : `${where} has no entry ${keys.join(' or ')}`);
}
