import { versionOf } from '../../shared/objects/object.ts';
import { parseObjectId } from '../../shared/objects/object-id.ts';
import type { DefinedKind } from '../../shared/protocol/tasks.ts';
import { deadlineIn, orAborted } from '../../shared/time/deadline.ts';
import type { Cluster, Versioned } from '../apply/cluster.ts';
import { untilDiscovered } from '../apply/until-discovered.ts';
import { KubeError } from '../kube/errors.ts';
import type { Resource } from '../kube/types.ts';
import type { WantedKind } from '../live/live-objects.ts';
import { during, type Operation } from '../outcome/outcome.ts';
import type { Run } from './world.ts';

/** From here on what the cluster holds of these objects is known; waits without a slot where it has to be asked. */
export async function watchKindsOf(run: Run, cluster: Cluster, objects: readonly Versioned[]): Promise<void> {
  const pending = cluster.live.need(run.key, kindsOf(cluster, objects));
  if (pending === undefined) return;
  await untilTold(run, run.set.metadata.deletionTimestamp === undefined ? 'apply' : 'prune', pending);
}

/** Waits for what watches are to bring, without a slot. */
export async function untilTold(run: Run, operation: Operation, pending: Promise<unknown>): Promise<void> {
  const [first] = run.set.spec.stages;
  await during(first?.name ?? '', operation, () =>
    run.turn.whileParked('watches', async () => {
      using deadline = deadlineIn(TOLD_WITHIN_MS, { clock: run.world.clock, unless: run.superseded, timeUp: untold });
      await orAborted(pending, deadline.signal);
    }),
  );
}

/** A long list takes its time. What comes later is not lost: the next run finds it. */
const TOLD_WITHIN_MS = 120_000;

function untold(): KubeError {
  const message = `the cluster has not told within ${TOLD_WITHIN_MS / 1_000} s what it holds`;
  return new KubeError({ status: 0, reason: 'Timeout', message });
}

/** Waits without a slot. */
export async function untilServed(run: Run, { discovery }: Cluster, kinds: readonly DefinedKind[]): Promise<void> {
  if (kinds.length === 0) return;
  const { clock } = run.world;
  await run.turn.whileParked('discovery', () => untilDiscovered(kinds, discovery, { clock, signal: run.superseded }));
}

/** Their kinds, as far as they are installed, and where they live. */
function kindsOf({ discovery }: Cluster, objects: readonly Versioned[]): readonly WantedKind[] {
  const found = new Map<string, { readonly resource: Resource; readonly namespaces: Set<string> }>();
  for (const { id, apiVersion } of objects) {
    const parts = parseObjectId(id);
    if (parts === undefined) continue;
    const { group, kind, namespace } = parts;
    const known = found.get(`${group}/${kind}`);
    known?.namespaces.add(namespace);
    if (known !== undefined) continue;
    // What an earlier run put up may have been written in a version that is served no more.
    const resource = discovery.find({ group, kind, version: versionOf(apiVersion) }) ?? discovery.find({ group, kind });
    if (resource !== undefined) found.set(`${group}/${kind}`, { resource, namespaces: new Set([namespace]) });
  }
  return [...found.values()];
}
