import { accountOf } from '../../main/apply/cluster.ts';
import { clusterData } from '../../main/build/cluster-data.ts';
import { duringBuild } from '../../main/build/during-build.ts';
import { Discovery } from '../../main/kube/discovery.ts';
import { OutboundClient } from '../../main/outbound/client.ts';
import { FetchError, fetchArtifact } from '../../main/source/fetch.ts';
import { pinSource, stageSourceOf } from '../../main/source/pin-sources.ts';
import { readSource } from '../../main/source/read-source.ts';
import type { SourceRef } from '../../main/source/resolve.ts';
import type { Artifact } from '../../main/source/source-object.ts';
import type { Stage } from '../../shared/api/types.ts';
import { systemClock } from '../../shared/time/clock.ts';
import { RuntimeError } from '../cli-error.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import { type OpenCluster, openCluster } from '../connection/open-cluster.ts';
import { runTask } from '../tasks.ts';
import type { BuildFlags } from './flags.ts';
import { keysFromFiles } from './key-files.ts';
import type { Origin } from './origin.ts';
import { remember } from './remember.ts';
import { dataFromFiles } from './substitute-files.ts';

/** An origin that is on a cluster, and that cluster. */
export interface ClusterOrigin extends Origin {
  readonly cluster: OpenCluster;
  readonly discovery: Discovery;
}

/** What the controller would build from, read with the user's own rights or, `--as-tenant`, with the StageSet's. */
export async function originFromCluster(
  name: string,
  flags: Omit<BuildFlags, 'output'>,
  closing: AsyncDisposableStack,
  signal: AbortSignal,
): Promise<ClusterOrigin> {
  const cluster = await openCluster(flags);
  closing.defer(() => cluster.client.close());
  const set = await readStageSet(cluster, name, signal);
  const account = accountOf(set);
  if (flags.asTenant && account === undefined) {
    throw new RuntimeError(`StageSet ${cluster.namespace}/${name} names no serviceAccountName: leave --as-tenant out`);
  }
  const discovery = new Discovery(cluster.client);
  await discovery.refresh();
  const { client, namespace } = cluster;
  const given = await dataFromFiles(flags.substituteFrom ?? []);
  const there = clusterData({ client, namespace, as: flags.asTenant ? account : undefined, signal });
  const keys = await keysFromFiles(flags);
  const outbound = new OutboundClient({ allowLoopback: true, allowLinkLocal: false });
  closing.defer(() => outbound.close());
  // Stages of one source are built from one revision of it, fetched once.
  const sourcesOf = remember(JSON.stringify, (ref: SourceRef) => readSource(ref, { client, discovery, signal }));
  const filesOf = remember(JSON.stringify, (artifact: Artifact) => fetchAndUnpack(artifact, outbound, signal));
  const pinned = async (stage: Stage) => {
    const source = stageSourceOf(stage, set);
    const sources = await sourcesOf(source.ref);
    const settings = { noCrossNamespaceRefs: false, watchNamespaces: [] };
    return pinSource(source, set, { sources, settings }).artifact;
  };
  return {
    set,
    cluster,
    discovery,
    artifactOf: async (stage) => {
      const artifact = await pinned(stage);
      return duringBuild(stage.name, () => filesOf(artifact));
    },
    revisionOf: async (stage) => (await pinned(stage)).revision,
    read: async (kind, named) => (await given(kind, named)) ?? (await there(kind, named)),
    keys: keys.size > 0 ? keys : undefined,
    clusterScopedKinds: discovery.clusterScopedKinds(),
  };
}

async function fetchAndUnpack(
  artifact: Artifact,
  outbound: OutboundClient,
  signal: AbortSignal,
): Promise<SharedArrayBuffer> {
  try {
    const archive = await fetchArtifact(artifact, { client: outbound, clock: systemClock, signal });
    return (await runTask('unpack', { archive, digest: artifact.digest })).files;
  } catch (error) {
    if (!(error instanceof FetchError) || error.code !== 'Unreachable') throw error;
    const remedy = 'artifacts are served within the cluster: give the files with --source-dir';
    throw new FetchError(error.code, `${error.message}; ${remedy}`, { cause: error });
  }
}
