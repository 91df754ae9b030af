import { compareBytes } from '../../../shared/protocol/file-map.ts';
import { sortText } from '../fields/config.ts';
import type { SortOptions } from '../kustomization/shape.ts';
import { Problem } from '../problem.ts';
import type { ResId } from '../resources/ids.ts';
import { kindRanks, kindsFirst, kindsLast } from '../tables/kind-order.ts';
import type { Pass } from './pass.ts';

/** What `sortOptions` asks for. */
export function sortBy({ order = '', legacySortOptions }: SortOptions): Pass {
  switch (order) {
    case 'fifo':
      if (legacySortOptions === undefined) return () => {};
      throw new Problem('configuration', 'sortOptions: legacySortOptions are given, but the order is not legacy');
    case 'legacy':
      return legacySortOptions === undefined
        ? legacyOrder
        : orderOf(legacySortOptions.orderFirst ?? [], legacySortOptions.orderLast ?? []);
    default:
      throw new Problem('configuration', 'sortOptions: order must be legacy or fifo');
  }
}

/** Some kinds first, some last, the rest by group, version and kind. */
function orderOf(first: readonly string[], last: readonly string[]): Pass {
  const ranks = kindRanks(first, last);
  return (resources) => {
    const keyed = resources.items.map((resource) => ({ resource, key: sortKeyOf(resource.id) }));
    keyed.sort((a, b) => compare(a.key, b.key, ranks));
    resources.reset(keyed.map(({ resource }) => resource));
  };
}

export const legacyOrder: Pass = orderOf(kindsFirst, kindsLast);

interface SortKey {
  readonly kind: string;
  readonly group: string;
  readonly gvk: string;
  readonly id: string;
}

function sortKeyOf(id: ResId): SortKey {
  const { group, kind, version, namespace, name } = id;
  const written = [kind || '[noKind]', version || '[noVer]', group || '[noGrp]'].join('.');
  return { kind, group, gvk: sortText(id), id: [written, namespace || '~X', name || '~N'].join('|') };
}

function compare(a: SortKey, b: SortKey, ranks: ReadonlyMap<string, number>): number {
  if (a.gvk === b.gvk) return compareBytes(a.id, b.id);
  const rank = (ranks.get(a.kind) ?? 0) - (ranks.get(b.kind) ?? 0);
  if (rank !== 0) return rank;
  const areNamespaces = a.kind === 'Namespace' && b.kind === 'Namespace' && (a.group === '' || b.group === '');
  return areNamespaces ? compareBytes(b.gvk, a.gvk) : compareBytes(a.gvk, b.gvk);
}
