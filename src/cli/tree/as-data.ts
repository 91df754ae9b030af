import { parseObjectId } from '../../shared/objects/object-id.ts';
import { messageOf, type OwnedObject, words } from '../owned/owned-object.ts';
import type { SetTree } from './tree.ts';

/** What `-o json` and `-o yaml` print. */
export function treeAsData({ set, stages, unread }: SetTree): object {
  const { namespace, name } = set.metadata;
  const ready = set.status?.conditions?.find(({ type }) => type === 'Ready');
  return {
    kind: 'StageSet',
    namespace,
    name,
    ready: ready?.status ?? 'Unknown',
    ...(ready && { reason: ready.reason, message: ready.message }),
    stages: stages.map(({ name: stage, status, objects }) => ({
      name: stage,
      phase: status?.phase ?? 'Pending',
      ...(status?.appliedRevision && { revision: status.appliedRevision }),
      ...(status?.message && { message: status.message }),
      objects: objects.map(objectAsData),
    })),
    ...(unread.length > 0 && { unread }),
  };
}

function objectAsData({ id, apiVersion, standing, children }: OwnedObject): object {
  const { namespace = '', name = '', kind = '' } = parseObjectId(id) ?? {};
  const message = messageOf(standing);
  return {
    apiVersion,
    kind,
    ...(namespace !== '' && { namespace }),
    name,
    status: words[standing.is],
    ...(message !== '' && { message }),
    ...(children.length > 0 && { children: children.map(objectAsData) }),
  };
}
