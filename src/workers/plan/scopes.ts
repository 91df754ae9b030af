import type { BuildInput, DefinedKind } from '../../shared/protocol/tasks.ts';
import { builtInClusterScopedKinds } from './cluster-scoped-kinds.ts';

export type IsClusterScoped = (group: string, kind: string) => boolean;

/** What this render's own CRDs say comes first, then what the cluster and earlier stages do. */
export function scopesOf(input: BuildInput, defined: readonly DefinedKind[]): IsClusterScoped {
  const known = new Map<string, boolean>();
  for (const kind of builtInClusterScopedKinds) known.set(kind, true);
  for (const kind of input.clusterScopedKinds) known.set(kind, true);
  for (const kind of input.namespacedKinds) known.set(kind, false);
  for (const { group, kind, clusterScoped } of defined) known.set(`${group}/${kind}`, clusterScoped);
  return (group, kind) => known.get(`${group}/${kind}`) ?? false;
}
