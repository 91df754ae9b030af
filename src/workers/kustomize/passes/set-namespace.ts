import type { FieldSpec } from '../fields/field-spec.ts';
import { visitField } from '../fields/visit-field.ts';
import { fieldOf, itemsOf } from '../nodes/lookup.ts';
import { isMap, isMissingOrNull, isNilOrEmpty, kindOfNode, type Node, type NodeMap } from '../nodes/node.ts';
import { putScalar, textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { describeId, idKey } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';
import type { Pass } from './pass.ts';

export type RoleBindingSubjects = 'defaultOnly' | 'allServiceAccounts' | 'none';

export interface NamespaceWishes {
  readonly namespace: string;
  readonly fieldSpecs: readonly FieldSpec[];
  /** Whether a namespace that is there stays. */
  readonly unsetOnly?: boolean;
  readonly subjects?: RoleBindingSubjects;
}

/** Puts every namespaced object, and what else names the namespace it is in, into one. */
export function setNamespace(wishes: NamespaceWishes): Pass {
  return (resources) => {
    const ids = new Map<string, number>();
    const count = (key: string, by: number) => {
      const sum = (ids.get(key) ?? 0) + by;
      ids.set(key, sum);
      return sum;
    };
    for (const { id } of resources.items) count(idKey(id), 1);
    for (const resource of resources.items) {
      if (isNilOrEmpty(resource.node)) continue;
      count(idKey(resource.id), -1);
      resource.rememberId();
      putIntoNamespace(resource, wishes);
      const { id } = resource;
      // Objects that are moved later still stand where they were.
      if (count(idKey(id), 1) !== 1) throw new Problem('conflict', `${describeId(id)} is there twice once moved`);
    }
    resources.idsChanged();
  };
}

/** The same for one object. */
export function putIntoNamespace(resource: Resource, wishes: NamespaceWishes): void {
  const { node, kind, apiVersion } = resource;
  const set = (holder: NodeMap | Node[], key: string | number, old: Node) => {
    if (wishes.unsetOnly && !isMissingOrNull(old) && textOf(old) !== '') return;
    if (!isMissingOrNull(old) && kindOfNode(old) !== 'scalar') {
      throw new Problem('field', `a namespace in ${describeId(resource.id)} is not a scalar`);
    }
    putScalar(holder, key, wishes.namespace);
  };
  if (!resource.id.isClusterScoped) {
    visitField(resource, ownNamespace, 'scalar', ({ holder, key }, old) => set(holder, key, old));
  }
  const isBinding = kind === 'RoleBinding' || kind === 'ClusterRoleBinding';
  if (isBinding) setSubjects(node, wishes.subjects ?? 'defaultOnly', set);
  for (const spec of wishes.fieldSpecs) {
    if (spec.path === ownNamespace.path || (spec.path === 'metadata/name' && apiVersion !== 'v1')) continue;
    if (isBinding && spec.path === 'subjects/namespace' && spec.kind?.endsWith('RoleBinding')) continue;
    if (!isFor(spec, resource)) continue;
    visitField(resource, spec, 'scalar', ({ holder, key }, old) => set(holder, key, old));
  }
}

const ownNamespace: FieldSpec = { path: 'metadata/namespace', create: true };

function isFor({ group, version, kind }: FieldSpec, { gvk }: Resource): boolean {
  return (!group || group === gvk.group) && (!version || version === gvk.version) && (!kind || kind === gvk.kind);
}

type SetField = (holder: NodeMap, key: string, old: Node) => void;

/** Of a binding's subjects, those called `default` are meant to be in the namespace: every namespace has one. */
function setSubjects(binding: NodeMap, mode: RoleBindingSubjects, set: SetField): void {
  if (mode === 'none' || isMissingOrNull(binding.subjects)) return;
  const [field, wanted] = mode === 'defaultOnly' ? ['name', 'default'] : ['kind', 'ServiceAccount'];
  for (const subject of itemsOf(binding.subjects, 'subjects')) {
    if (!isMap(subject) || textOf(fieldOf(subject, field as string)) !== wanted) continue;
    set(subject, 'namespace', subject.namespace ?? '');
  }
}
