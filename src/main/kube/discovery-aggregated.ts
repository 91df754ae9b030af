import type { GroupVersions, Served } from './discovery.ts';
import type { ClusterClient, Resource } from './types.ts';

/** All groups in two requests; undefined where the server does not offer that (before 1.27, or with it turned off). */
export async function readAggregated(client: ClusterClient, as: string | undefined): Promise<Served | undefined> {
  const ask = async (path: string) => {
    const request = { method: 'GET', path, answer: 'discovery', ...(as !== undefined && { as }) } as const;
    return (await client.send<GroupList>(request)).body;
  };
  const [core, named] = await Promise.all([ask('/api'), ask('/apis')]);
  if (core.kind !== 'APIGroupDiscoveryList' || named.kind !== 'APIGroupDiscoveryList') return undefined;
  return new Map([...(core.items ?? []), ...(named.items ?? [])].map(readGroup));
}

interface GroupList {
  readonly kind: string;
  readonly items?: readonly Group[];
}

interface Group {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly {
    readonly version: string;
    readonly freshness?: 'Current' | 'Stale';
    readonly resources?: readonly ServedResource[];
  }[];
}

interface ServedResource {
  readonly resource: string;
  readonly responseKind?: { readonly group?: string; readonly version?: string; readonly kind?: string };
  readonly scope: 'Cluster' | 'Namespaced';
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
}

function readGroup({ metadata, versions = [] }: Group): [string, GroupVersions] {
  const group = metadata?.name ?? '';
  return [
    group,
    new Map(
      versions.map(({ version, freshness, resources }) => [
        version,
        // Stale: the API behind it is down, and what is listed may be nothing.
        freshness === 'Stale' ? undefined : (resources ?? []).flatMap((served) => readResource(group, version, served)),
      ]),
    ),
  ];
}

function readResource(group: string, version: string, served: ServedResource): readonly Resource[] {
  const { resource: plural, responseKind, scope, verbs = [], shortNames } = served;
  if (!responseKind?.kind) return [];
  const { kind } = responseKind;
  return [
    { group, version, kind, plural, namespaced: scope === 'Namespaced', verbs, ...(shortNames && { shortNames }) },
  ];
}
