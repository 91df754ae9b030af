import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { type Target as Place, serverSideApply } from '../kube/requests.ts';
import type { KubeResponse, MetadataObject } from '../kube/types.ts';
import { FIELD_MANAGER } from '../live/ownership-print.ts';
import { mannerOf, type Target } from './cluster.ts';

/** The ready-to-send JSON of an object of the stage at hand. */
export type BodyOf = (object: PlannedObject) => Uint8Array;

/** Requests that one stage keeps in flight; how many the cluster gets in all is its pace's affair. */
export const WIDTH = 24;

/** The one place that applies: same manager, same force, metadata back. */
export function sendApply(
  target: Target,
  place: Place,
  body: Uint8Array,
  options: { readonly dryRun: boolean },
): Promise<KubeResponse<MetadataObject>> {
  return serverSideApply<MetadataObject>(target.cluster.client, {
    ...place,
    ...mannerOf(target),
    body,
    fieldManager: FIELD_MANAGER,
    force: true,
    dryRun: options.dryRun,
    answer: 'metadata',
  });
}
