import type { Resource } from '../../main/kube/types.ts';

/**
 * The kind that a person means, as kubectl understands it: kind, plural or short name, in any case, with its group
 * behind it where several have the name: `deploy`, `Deployment`, `deployments.apps`, `deployment.v1.apps`.
 */
export function findKind(wanted: string, kinds: readonly Resource[]): Resource | undefined {
  const [name = '', ...rest] = wanted.toLowerCase().split('.');
  const qualifier = rest.join('.');
  const candidates = kinds.filter(
    (resource) => namesOf(resource).includes(name) && isOfGroup(resource, qualifier) && resource.verbs.includes('get'),
  );
  // Events are in the core and in a group of their own: the core goes first, as for kubectl.
  return candidates.find(({ group }) => group === '') ?? candidates[0];
}

function namesOf({ kind, plural, shortNames = [] }: Resource): readonly string[] {
  return [plural, kind.toLowerCase(), ...shortNames];
}

function isOfGroup({ group, version }: Resource, qualifier: string): boolean {
  return qualifier === '' || qualifier === group || qualifier === `${version}.${group}`;
}
