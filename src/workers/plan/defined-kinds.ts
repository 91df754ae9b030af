import type { DefinedKind } from '../../shared/protocol/tasks.ts';
import { isMap } from '../../shared/yaml/yaml-value.ts';
import type { IdentifiedObject } from './identity.ts';

export function isCrd({ group, kind }: Pick<IdentifiedObject, 'group' | 'kind'>): boolean {
  return group === 'apiextensions.k8s.io' && kind === 'CustomResourceDefinition';
}

/** What the CRDs among these objects define; the API server judges a malformed one. */
export function definedKindsOf(objects: readonly IdentifiedObject[]): readonly DefinedKind[] {
  return objects.filter(isCrd).flatMap(({ object }) => {
    const spec = isMap(object.spec) ? object.spec : {};
    const names = isMap(spec.names) ? spec.names : {};
    const { group, scope } = spec;
    const { kind } = names;
    if (typeof group !== 'string' || typeof kind !== 'string') return [];
    return [{ group, kind, clusterScoped: scope === 'Cluster' }];
  });
}
