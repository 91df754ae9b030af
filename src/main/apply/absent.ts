import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isNotFound } from '../kube/errors.ts';
import { getMetadata } from '../kube/requests.ts';
import { mannerOf, placeOf, type Target } from './cluster.ts';
import { mapped } from './mapped.ts';
import { WIDTH } from './send-apply.ts';

/** Those of the objects annotated `ssa: IfNotPresent` that are there all the same, under whoever's labels: they stay as they are. */
export async function alreadyPresent(
  target: Target,
  objects: readonly PlannedObject[],
): Promise<ReadonlySet<PlannedObject>> {
  const asked = objects.filter(({ ssa }) => ssa === 'IfNotPresent');
  const present = await mapped(asked, WIDTH, (object) => isPresent(target, object));
  return new Set(asked.filter((_, i) => present[i]));
}

async function isPresent(target: Target, object: PlannedObject): Promise<boolean> {
  const place = await placeOf(target.cluster, object);
  if (place === undefined) return false; // its CRD comes along, or the dry run says that none does
  try {
    await getMetadata(target.cluster.client, { ...place, ...mannerOf(target) });
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}
