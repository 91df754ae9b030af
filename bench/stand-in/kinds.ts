/** What the stand-in serves: what a controller of ConfigMaps asks for. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly namespaced: boolean;
}

const kind = (group: string, version: string, plural: string, name: string, namespaced = true): ServedKind => ({
  group,
  version,
  plural,
  kind: name,
  namespaced,
});

export const kinds: readonly ServedKind[] = [
  kind('', 'v1', 'namespaces', 'Namespace', false),
  kind('', 'v1', 'configmaps', 'ConfigMap'),
  kind('', 'v1', 'secrets', 'Secret'),
  kind('', 'v1', 'serviceaccounts', 'ServiceAccount'),
  kind('apps', 'v1', 'deployments', 'Deployment'),
  kind('apiextensions.k8s.io', 'v1', 'customresourcedefinitions', 'CustomResourceDefinition', false),
  kind('coordination.k8s.io', 'v1', 'leases', 'Lease'),
  kind('events.k8s.io', 'v1', 'events', 'Event'),
  kind('stages.metio.wtf', 'v1', 'stagesets', 'StageSet'),
  kind('stages.metio.wtf', 'v1', 'stageinventories', 'StageInventory'),
  kind('source.toolkit.fluxcd.io', 'v1', 'externalartifacts', 'ExternalArtifact'),
  kind('source.toolkit.fluxcd.io', 'v1', 'gitrepositories', 'GitRepository'),
  kind('source.toolkit.fluxcd.io', 'v1', 'ocirepositories', 'OCIRepository'),
  kind('source.toolkit.fluxcd.io', 'v1', 'buckets', 'Bucket'),
];

const verbs = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'];

/** Discovery as API servers have it since 1.27: all groups of a root in one answer. */
export function aggregatedDiscovery(root: 'api' | 'apis'): object {
  const under = kinds.filter(({ group }) => (group === '') === (root === 'api'));
  const items = [...Map.groupBy(under, ({ group }) => group)].map(([name, members]) => ({
    metadata: { name },
    versions: [
      {
        version: 'v1',
        freshness: 'Current',
        resources: members.map(({ group, version, plural, kind, namespaced }) => ({
          resource: plural,
          responseKind: { group, version, kind },
          scope: namespaced ? 'Namespaced' : 'Cluster',
          verbs,
        })),
      },
    ],
  }));
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items };
}

/** Of one group and version, as every API server has it. */
export function resourceList(group: string): object {
  const resources = kinds
    .filter((each) => each.group === group)
    .map(({ plural, kind, namespaced }) => ({ name: plural, kind, namespaced, verbs }));
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion: group === '' ? 'v1' : `${group}/v1`, resources };
}
