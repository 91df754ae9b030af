import { groupOf, type KubeObject } from './object.ts';

/** `<namespace>_<name>_<group>_<kind>`: who an object is on its cluster, whatever version it is written in. */
export type ObjectId = string;

export interface ObjectIdParts {
  readonly namespace: string;
  readonly name: string;
  readonly group: string;
  readonly kind: string;
}

export function formatObjectId(parts: ObjectIdParts): ObjectId {
  return `${parts.namespace}_${parts.name}_${parts.group}_${parts.kind}`;
}

export function objectIdOf(object: KubeObject): ObjectId {
  const { namespace = '', name } = object.metadata;
  return formatObjectId({ namespace, name, group: groupOf(object.apiVersion), kind: object.kind });
}

/** Only a name may itself hold `_` (RBAC allows it), so it is what lies between the first and the last two. */
export function parseObjectId(id: ObjectId): ObjectIdParts | undefined {
  const afterNamespace = id.indexOf('_');
  const beforeKind = id.lastIndexOf('_');
  const beforeGroup = id.lastIndexOf('_', beforeKind - 1);
  if (afterNamespace < 0 || beforeGroup <= afterNamespace) return undefined;
  return {
    namespace: id.slice(0, afterNamespace),
    name: id.slice(afterNamespace + 1, beforeGroup),
    group: id.slice(beforeGroup + 1, beforeKind),
    kind: id.slice(beforeKind + 1),
  };
}

/** As people write it: `Deployment shop/web`. */
export function describeObjectId(id: ObjectId): string {
  const parts = parseObjectId(id);
  if (parts === undefined) return id;
  return parts.namespace === '' ? `${parts.kind} ${parts.name}` : `${parts.kind} ${parts.namespace}/${parts.name}`;
}
