import type { ObjectMeta } from '../../shared/objects/object.ts';
import { isForbidden, KubeError } from '../kube/errors.ts';
import { apiVersionOf } from '../kube/paths.ts';
import { listPaged } from '../kube/requests.ts';
import type { MetadataObject, Resource } from '../kube/types.ts';
import { idOf } from '../live/live-object.ts';
import type { Target, Versioned } from './cluster.ts';
import { mapped } from './mapped.ts';

export interface Labelled extends Versioned {
  readonly metadata: ObjectMeta;
}

const LISTS_AT_ONCE = 8;

/**
 * What carries these labels, of kinds that can be listed and deleted: everywhere or, for who may not look everywhere,
 * in these namespaces. What nobody may look at is passed over: it is no proof of anything.
 */
export async function listLabelled(
  target: Target,
  resources: readonly Resource[],
  labelSelector: string,
  namespaces: readonly string[],
): Promise<readonly Labelled[]> {
  const usable = resources.filter(({ verbs }) => verbs.includes('list') && verbs.includes('delete'));
  const found = await mapped(usable, LISTS_AT_ONCE, async (resource) => {
    const all = looksEverywhere(target) ? await listIfAllowed(target, resource, labelSelector, undefined) : undefined;
    const lists = all ?? (resource.namespaced ? await inEach(target, resource, labelSelector, namespaces) : []);
    const apiVersion = apiVersionOf(resource);
    return lists.map(({ metadata }) => ({ id: idOf(resource, metadata), apiVersion, metadata }));
  });
  return found.flat();
}

/** A tenant's rights are its own; the controller's own identity stays in its scope. */
function looksEverywhere({ cluster, as }: Target): boolean {
  return as !== undefined || cluster.scope.length === 0;
}

async function inEach(target: Target, resource: Resource, labelSelector: string, namespaces: readonly string[]) {
  const { scope } = target.cluster;
  const places = looksEverywhere(target) ? namespaces : scope;
  const lists = await mapped(places, 1, (namespace) => listIfAllowed(target, resource, labelSelector, namespace));
  return lists.flatMap((list) => list ?? []);
}

async function listIfAllowed(
  { cluster, as, lease }: Target,
  resource: Resource,
  labelSelector: string,
  namespace: string | undefined,
): Promise<readonly MetadataObject[] | undefined> {
  try {
    const { items } = await listPaged<MetadataObject>(cluster.client, {
      resource,
      namespace,
      labelSelector,
      answer: 'metadata',
      lease,
      ...(as === undefined ? {} : { as }),
    });
    return items;
  } catch (error) {
    if (isForbidden(error)) return undefined;
    if (error instanceof KubeError && [404, 405].includes(error.status)) return []; // not served any more, or not so
    throw error;
  }
}
