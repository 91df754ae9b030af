import { versionOf } from '../../shared/objects/object.ts';
import { parseObjectId } from '../../shared/objects/object-id.ts';
import { orAborted } from '../../shared/time/deadline.ts';
import type { Cluster, Versioned } from '../apply/cluster.ts';
import type { Resource } from '../kube/types.ts';
import type { Run } from './world.ts';

/** From here on what the cluster holds of these objects is known; waits without a slot where it has to be asked. */
export async function watchKindsOf(run: Run, cluster: Cluster, objects: readonly Versioned[]): Promise<void> {
  const pending = cluster.live.need(run.key, kindsOf(cluster, objects));
  if (pending === undefined) return;
  await run.turn.whileParked('watches', () => orAborted(pending, run.superseded));
}

/** Their kinds, as far as they are installed. */
function kindsOf({ discovery }: Cluster, objects: readonly Versioned[]) {
  const found = new Map<string, Resource>();
  for (const { id, apiVersion } of objects) {
    const parts = parseObjectId(id);
    if (parts === undefined || found.has(`${parts.group}/${parts.kind}`)) continue;
    const { group, kind } = parts;
    const resource = discovery.find({ group, kind, version: versionOf(apiVersion) });
    if (resource !== undefined) found.set(`${group}/${kind}`, resource);
  }
  return [...found.values()];
}
