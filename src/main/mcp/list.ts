import type { StageSet } from '../../shared/api/types.ts';
import { keyOf } from '../kube/store.ts';
import { readyOf, summaryOf } from './describe.ts';
import type { Listed, ListQuery } from './schemas.ts';

/** One page, in the order of keys. A cursor is the last key told, so what comes and goes meanwhile shifts no page. */
export function listPage(sets: Iterable<StageSet>, query: ListQuery, runbookBaseUrl: string): Listed {
  const matching = [...sets].filter((set) => matches(set, query)).map((set) => ({ key: keyOf(set), set }));
  const left = matching.filter(({ key }) => key > (query.cursor ?? '')).toSorted((a, b) => (a.key < b.key ? -1 : 1));
  const page = left.slice(0, query.limit);
  const last = page.at(-1);
  return {
    items: page.map(({ set }) => summaryOf(set, runbookBaseUrl)),
    total: matching.length,
    ...(last !== undefined && left.length > page.length && { nextCursor: last.key }),
  };
}

function matches(set: StageSet, { namespace, ready, reason, suspended }: ListQuery): boolean {
  const condition = readyOf(set);
  return (
    (namespace === undefined || set.metadata.namespace === namespace) &&
    (ready === undefined || (condition?.status ?? 'Unknown') === ready) &&
    (reason === undefined || condition?.reason === reason) &&
    (suspended === undefined || (set.spec.suspend === true) === suspended)
  );
}
