import { isList, isMap, isString } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { effectiveNamespace, NO_NAMESPACE, sameNamespace } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';

/** The objects that others may refer to, by every name they had: one that never changed needs no reference fixed. */
export class Candidates {
  readonly #resources: readonly Resource[];
  readonly #byOldName = new Map<string, Resource[]>();
  readonly #namespaces = new Map<string, ReadonlySet<string>>();

  constructor(resources: readonly Resource[]) {
    this.#resources = resources;
    for (const resource of resources) {
      for (const name of new Set(resource.previous.map((each) => each.name))) {
        const found = this.#byOldName.get(name);
        if (found === undefined) this.#byOldName.set(name, [resource]);
        else found.push(resource);
      }
    }
  }

  /** Those that had this name and that `referrer` can mean. */
  named(name: string, referrer: Resource): readonly Resource[] {
    const found = this.#byOldName.get(name);
    if (found === undefined) return [];
    const isInReach = reachOf(referrer);
    return found.filter(isInReach);
  }

  /**
   * Those that were in a namespace at first. If none of all the objects in reach was, those that are in it now.
   */
  inNamespace(named: readonly Resource[], namespace: string, referrer: Resource): readonly Resource[] {
    if (named.length === 0) return [];
    if (this.#originalNamespaces(referrer).has(namespace)) {
      return named.filter(({ originalId }) => effectiveNamespace(originalId) === namespace);
    }
    if (namespace === NO_NAMESPACE) return [];
    return named.filter(({ id }) => effectiveNamespace(id) === namespace);
  }

  #originalNamespaces(referrer: Resource): ReadonlySet<string> {
    const { id } = referrer;
    const key = id.isClusterScoped ? '' : JSON.stringify([effectiveNamespace(id), ...subjectNamespaces(referrer)]);
    let namespaces = this.#namespaces.get(key);
    if (namespaces === undefined) {
      const inReach = this.#resources.filter(reachOf(referrer));
      namespaces = new Set(inReach.map(({ originalId }) => effectiveNamespace(originalId)));
      (namespaces as Set<string>).delete(NO_NAMESPACE);
      this.#namespaces.set(key, namespaces);
    }
    return namespaces;
  }
}

/** An object in a namespace refers to what is in the same one or in none; a RoleBinding to its subjects too. */
function reachOf(referrer: Resource): (candidate: Resource) => boolean {
  const { id } = referrer;
  if (id.isClusterScoped) return () => true;
  const others = subjectNamespaces(referrer);
  return (candidate) => {
    const candidateId = candidate.id;
    return candidateId.isClusterScoped || sameNamespace(candidateId, id) || others.has(candidateId.namespace);
  };
}

const none: ReadonlySet<string> = new Set();

function subjectNamespaces({ kind, node }: Resource): ReadonlySet<string> {
  if (kind !== 'RoleBinding' || !isList(node.subjects)) return none;
  const namespaces = new Set<string>();
  for (const subject of node.subjects) {
    if (!isMap(subject) || subject.namespace === undefined || textOf(subject.kind) !== 'ServiceAccount') continue;
    if (!isString(subject.namespace)) throw new Problem('field', 'the namespace of a subject is not a text');
    namespaces.add(textOf(subject.namespace));
  }
  return namespaces;
}
