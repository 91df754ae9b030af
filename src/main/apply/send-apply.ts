import type { ObjectMeta } from '../../shared/objects/object.ts';
import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { createObject, type Target as Place, serverSideApply } from '../kube/requests.ts';
import type { KubeResponse, MetadataObject, Resource } from '../kube/types.ts';
import { FIELD_MANAGER } from '../live/ownership-print.ts';
import { mannerOf, type Reach } from './cluster.ts';
import type { Policy } from './conflict-policy.ts';
import { migratingVersions } from './rewrite-managed-fields.ts';

/** The ready-to-send JSON of an object of the stage at hand. */
export type BodyOf = (object: PlannedObject) => Uint8Array;

/** How the objects of one stage are sent. */
export interface Sending {
  readonly bodyOf: BodyOf;
  readonly policyOf: (object: PlannedObject) => Policy;
  /** Whether the fields of these managers may be folded into ours, now that they turn up on this object. */
  readonly mayFold: (object: PlannedObject, managers: readonly string[]) => boolean;
  readonly hasFolded: (object: PlannedObject, managers: readonly string[]) => void;
  /** Where the objects are not the stage's. */
  readonly fieldManager?: string;
  /** As much of the object as the answer brings; its metadata when absent. */
  readonly answer?: 'full';
  /** To be called before each apply, and what that gives once the server has answered. */
  readonly beforeWrite?: (resource: Resource, id: ObjectId) => (left: ObjectMeta) => Promise<void>;
}

/** Requests that one stage keeps in flight; how many the cluster gets in all is its pace's affair. */
export const WIDTH = 24;

/** The one place that applies: force unless what others own is to stay. */
export function sendApply(
  target: Reach,
  place: Place,
  object: PlannedObject,
  { bodyOf, policyOf, fieldManager = FIELD_MANAGER, answer }: Sending,
  options: { readonly dryRun: boolean },
): Promise<KubeResponse<MetadataObject>> {
  return migratingVersions(target, place, object.apiVersion, () =>
    serverSideApply<MetadataObject>(target.cluster.client, {
      ...place,
      ...mannerOf(target),
      body: bodyOf(object),
      fieldManager,
      force: policyOf(object).action !== 'KeepExisting',
      dryRun: options.dryRun,
      answer: answer ?? 'metadata',
    }),
  );
}

/**
 * As if nothing of this name were there; rejects with what the server would say. It looks at the object first and at
 * the name then, so AlreadyExists means that there is nothing wrong with it.
 */
export async function tryCreate(
  target: Reach,
  { resource, namespace }: Place,
  object: PlannedObject,
  { bodyOf, fieldManager = FIELD_MANAGER }: Sending,
): Promise<void> {
  await createObject(target.cluster.client, {
    resource,
    namespace,
    ...mannerOf(target),
    body: bodyOf(object),
    fieldManager,
    dryRun: true,
    answer: 'metadata',
  });
}
