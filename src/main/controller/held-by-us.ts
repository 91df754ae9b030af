import { GROUP } from '../../shared/api/group.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';

/** A stage may bring the StageSet that it belongs to: to wait for that would be to wait for ourselves. */
export function isItself(set: StageSet, id: ObjectId): boolean {
  const { namespace = '', name } = set.metadata;
  return isHere(set) && id === formatObjectId({ namespace, name, group: GROUP, kind: 'StageSet' });
}

/** What cannot be gone before the StageSet is: itself, its namespace, and the CRD of its kind. */
export function isHeldByUs(set: StageSet, id: ObjectId): boolean {
  return isItself(set, id) || isItsNamespace(set, id) || (isHere(set) && id === ownKind);
}

export function isItsNamespace(set: StageSet, id: ObjectId): boolean {
  const { namespace: name = '' } = set.metadata;
  return isHere(set) && id === formatObjectId({ namespace: '', name, group: '', kind: 'Namespace' });
}

/** What is called the same on another cluster is not ours. */
function isHere({ spec }: StageSet): boolean {
  return spec.kubeConfig === undefined;
}

const ownKind = formatObjectId({
  namespace: '',
  name: `stagesets.${GROUP}`,
  group: 'apiextensions.k8s.io',
  kind: 'CustomResourceDefinition',
});
