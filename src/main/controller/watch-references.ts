import type { StageSet } from '../../shared/api/types.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { configMapResource } from '../kube/own-kinds.ts';
import { isInScope } from '../kube/watch-scope.ts';
import type { Place } from '../live/referenced-objects.ts';
import { sourceRefsOf } from '../source/pin-sources.ts';
import { isFluxSource } from '../source/resolve.ts';
import { substitutedFrom } from './stage-sets.ts';
import { untilTold } from './watch-kinds.ts';
import type { Run } from './world.ts';

/** From here on a change to a ConfigMap or a producer that the spec names starts a run. */
export async function watchReferences(run: Run): Promise<void> {
  const { scope } = run.world.cluster;
  const places = [...configMapsOf(run.set), ...producersOf(run)].filter(({ namespace }) => isInScope(scope, namespace));
  const pending = run.world.references.need(run.key, places);
  if (pending !== undefined) await untilTold(run, 'build', pending);
}

function configMapsOf(set: StageSet): readonly Place[] {
  const { namespace = '' } = set.metadata;
  return substitutedFrom(set).length === 0 ? [] : [{ resource: configMapResource, namespace }];
}

/** As far as their kinds are installed: what they publish tells of them, too. */
function producersOf({ set, world }: Run): readonly Place[] {
  return sourceRefsOf(set).flatMap(({ ref }) => {
    if (isFluxSource(ref)) return [];
    const resource = world.cluster.discovery.find({ group: groupOf(ref.apiVersion ?? ''), kind: ref.kind });
    return resource?.namespaced ? [{ resource, namespace: ref.namespace }] : [];
  });
}
