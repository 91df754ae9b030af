import type { BuildInput, DefinedKind } from '../../shared/protocol/tasks.ts';
import { builtInClusterScopedKinds } from './cluster-scoped-kinds.ts';

export interface Scopes {
  isClusterScoped(group: string, kind: string): boolean;
  /** Of what was asked, by `<group>/<kind>`, all that the cluster or an earlier stage may answer otherwise tomorrow. */
  readonly assumed: ReadonlyMap<string, boolean>;
}

/** What this render's own CRDs say comes first, then what the cluster and earlier stages do. */
export function scopesOf(input: BuildInput, defined: readonly DefinedKind[]): Scopes {
  const certain = new Map(defined.map(({ group, kind, clusterScoped }) => [`${group}/${kind}`, clusterScoped]));
  const namespaced = new Set(input.namespacedKinds);
  const clusterScoped = new Set(input.clusterScopedKinds);
  const assumed = new Map<string, boolean>();
  return {
    isClusterScoped(group, kind) {
      const name = `${group}/${kind}`;
      const own = certain.get(name);
      if (own !== undefined) return own;
      const said = clusterScoped.has(name) && !namespaced.has(name);
      assumed.set(name, said);
      return said || (builtInClusterScopedKinds.has(name) && !namespaced.has(name));
    },
    assumed,
  };
}
