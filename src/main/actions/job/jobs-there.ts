import { keys } from '../../../shared/labels.ts';
import type { KubeObject } from '../../../shared/objects/object.ts';
import type { PlannedObject } from '../../../shared/protocol/tasks.ts';
import { mannerOf, placeOf, type Target } from '../../apply/cluster.ts';
import { isConflict, isForbidden, isNotFound } from '../../kube/errors.ts';
import { deleteObject, getObject, listPaged, type Target as Place } from '../../kube/requests.ts';
import type { Resource } from '../../kube/types.ts';

/** A Job of an action on the cluster. */
export interface JobThere {
  readonly place: Place;
  readonly job: KubeObject;
}

/** Undefined: no Job of this name is there. */
export async function findJob(target: Target, planned: PlannedObject): Promise<JobThere | undefined> {
  const place = await placeOf(target.cluster, planned);
  if (place === undefined) return undefined;
  try {
    return { place, job: await getObject(target.cluster.client, { ...place, ...mannerOf(target) }) };
  } catch (error) {
    if (isNotFound(error)) return undefined;
    throw error;
  }
}

/**
 * Those that actions of this StageSet have left in these namespaces, whatever rollout they are of. Where the account may
 * not list them it sees none.
 */
export async function jobsOf(
  owner: string,
  target: Target,
  { namespaces, action }: { readonly namespaces: readonly string[]; readonly action?: string },
): Promise<readonly JobThere[]> {
  const resource = target.cluster.discovery.find({ group: 'batch', kind: 'Job' });
  if (resource === undefined) return [];
  const labelSelector = [
    `${keys.actionOwner}=${owner}`,
    ...(action === undefined ? [] : [`${keys.action}=${action}`]),
  ].join();
  const found = await Promise.all(namespaces.map((namespace) => list(target, resource, namespace, labelSelector)));
  return found.flat();
}

async function list(
  target: Target,
  resource: Resource,
  namespace: string,
  labelSelector: string,
): Promise<readonly JobThere[]> {
  try {
    const { items } = await listPaged(target.cluster.client, {
      resource,
      namespace,
      labelSelector,
      ...mannerOf(target),
    });
    return items.map((job) => ({ job, place: { resource, namespace, name: job.metadata.name } }));
  } catch (error) {
    if (isForbidden(error)) return [];
    throw error;
  }
}

/** Asks for it to go, and its pods before it: the next Job of its kind finds none of them at work. */
export async function removeJob(target: Target, { place, job: { metadata } }: JobThere): Promise<void> {
  try {
    const request = { ...place, ...mannerOf(target), uid: metadata.uid };
    await deleteObject(target.cluster.client, { ...request, propagation: 'Foreground' });
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error; // gone, with or without a successor
  }
}
