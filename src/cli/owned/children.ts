import { mapped } from '../../main/apply/mapped.ts';
import type { Resource } from '../../main/kube/types.ts';
import { countAt } from '../../shared/kstatus/fields.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { descendantKinds, kindKeyOf } from './child-kinds.ts';
import { REQUESTS_AT_ONCE, type Reader } from './reader.ts';

export type ChildrenOf = (parent: KubeObject) => readonly KubeObject[];

/** By owner references, as their namespaces' lists tell. */
export async function childrenIn(roots: readonly KubeObject[], reader: Reader): Promise<ChildrenOf> {
  const wanted = new Map<string, { readonly resource: Resource; readonly namespace: string }>();
  for (const root of roots) {
    const { namespace = '' } = root.metadata;
    if (namespace === '') continue;
    for (const kindKey of descendantKinds(kindKeyOf(root))) {
      const [group = '', kind = ''] = kindKey.split('/');
      const resource = reader.discovery.find({ group, kind });
      if (resource !== undefined) wanted.set(`${kindKey} ${namespace}`, { resource, namespace });
    }
  }
  const lists = await mapped([...wanted.values()], REQUESTS_AT_ONCE, (selection) => reader.list(selection));
  const known = new Set(roots.map(({ metadata }) => metadata.uid));
  const owned = lists.flatMap((list) => list ?? []).filter((object) => !known.has(object.metadata.uid));
  const byOwner = Map.groupBy(
    owned.filter((object) => ownerUidOf(object) !== undefined && !isSpent(object)),
    ownerUidOf,
  );
  const empty: readonly KubeObject[] = [];
  return ({ metadata }) => (metadata.uid === undefined ? empty : (byOwner.get(metadata.uid) ?? empty));
}

/** One owner each: that which looks after it. */
function ownerUidOf({ metadata: { ownerReferences = [] } }: KubeObject): string | undefined {
  return (ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0])?.uid;
}

/** The ReplicaSets of earlier revisions say nothing about this one. */
function isSpent(object: KubeObject): boolean {
  const isReplicaSet = kindKeyOf(object) === 'apps/ReplicaSet';
  return isReplicaSet && countAt(object, 'spec.replicas', 1) === 0 && countAt(object, 'status.replicas') === 0;
}
