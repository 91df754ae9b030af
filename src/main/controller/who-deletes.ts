import type { Target } from '../apply/cluster.ts';
import type { RecordedStage } from '../inventory/recorded.ts';
import { deleteAs, sameCluster } from '../inventory/target.ts';
import { type OwnerLabels, ownerLabelsOf } from '../live/live-object.ts';
import type { Run } from './world.ts';

/** As whom a recorded stage's objects may be deleted, best first; none where they are on another cluster. */
export function deletersOf({ set }: Run, target: Target, { target: recorded }: RecordedStage): readonly Target[] {
  if (!sameCluster(recorded.cluster, target.recordedAs.cluster)) return [];
  const spec = { account: target.as, namespace: set.metadata.namespace ?? '' };
  return deleteAs(recorded.identity, spec).map((as) => ({ ...target, as }));
}

export function ownerLabelsOfRun({ set: { metadata } }: Run): OwnerLabels {
  return ownerLabelsOf({ namespace: metadata.namespace ?? '', name: metadata.name });
}
