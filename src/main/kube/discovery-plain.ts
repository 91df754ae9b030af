import type { GroupVersions, Served } from './discovery.ts';
import { groupVersionPath } from './paths.ts';
import type { ClusterClient, Resource } from './types.ts';

/** One request per group and version. A version that fails is left out and fails no other. */
export async function readGroupByGroup(client: ClusterClient, as: string | undefined): Promise<Served> {
  const ask = async <T>(path: string) => {
    return (await client.send<T>({ method: 'GET', path, ...(as !== undefined && { as }) })).body;
  };
  const readVersion = async (group: string, version: string): Promise<readonly Resource[] | undefined> => {
    try {
      return resourcesIn(await ask<ResourceList>(groupVersionPath({ group, version })), group, version);
    } catch {
      return undefined; // An aggregated API that is down answers 503 here.
    }
  };
  const readGroup = async (group: string, versions: readonly string[]): Promise<[string, GroupVersions]> => [
    group,
    new Map(await Promise.all(versions.map(async (version) => [version, await readVersion(group, version)] as const))),
  ];

  const [core, named] = await Promise.all([ask<CoreVersions>('/api'), ask<GroupList>('/apis')]);
  return new Map(
    await Promise.all([
      readGroup('', core.versions ?? []),
      ...(named.groups ?? []).map((group) => readGroup(group.name, preferredFirst(group))),
    ]),
  );
}

interface CoreVersions {
  readonly versions?: readonly string[];
}

interface GroupList {
  readonly groups?: readonly Group[];
}

interface Group {
  readonly name: string;
  readonly versions: readonly { readonly version: string }[];
  readonly preferredVersion?: { readonly version: string };
}

interface ResourceList {
  readonly resources?: readonly {
    readonly name: string;
    readonly kind: string;
    readonly namespaced: boolean;
    readonly verbs?: readonly string[];
    readonly shortNames?: readonly string[];
  }[];
}

function preferredFirst({ versions, preferredVersion }: Group): readonly string[] {
  const all = versions.map(({ version }) => version);
  return [...new Set(preferredVersion === undefined ? all : [preferredVersion.version, ...all])];
}

function resourcesIn(list: ResourceList, group: string, version: string): readonly Resource[] {
  return (list.resources ?? [])
    .filter(({ name }) => !name.includes('/')) // a subresource, such as `pods/log`
    .map(({ name, kind, namespaced, verbs = [], shortNames }) => ({
      group,
      version,
      kind,
      plural: name,
      namespaced,
      verbs,
      ...(shortNames && { shortNames }),
    }));
}
