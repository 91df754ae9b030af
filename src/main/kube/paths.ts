import type { Resource } from './types.ts';

type Located = Pick<Resource, 'group' | 'version' | 'plural' | 'namespaced'>;

/** All objects of a kind, or those of one namespace. */
export function collectionPath(resource: Located, namespace?: string): string {
  const scope = resource.namespaced && namespace ? `/namespaces/${encodeURIComponent(namespace)}` : '';
  return `${groupVersionPath(resource)}${scope}/${resource.plural}`;
}

export function objectPath(
  resource: Located,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): string {
  const object = `${collectionPath(resource, namespace)}/${pathSegment(name)}`;
  return subresource === undefined ? object : `${object}/${subresource}`;
}

export function groupVersionPath({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
}

/** As manifests write it. */
export function apiVersionOf({ group, version }: Pick<Resource, 'group' | 'version'>): string {
  return group === '' ? version : `${group}/${version}`;
}

/** Whether a path names many objects: `…/configmaps`, `…/namespaces/shop/configmaps`. */
export function isCollectionPath(path: string): boolean {
  const [root, ...segments] = path.slice(1).split('/');
  const beyondVersion = segments.slice(root === 'apis' ? 2 : 1);
  if (root !== 'api' && root !== 'apis') return false;
  if (beyondVersion.length === 1) return true;
  if (beyondVersion.length !== 3 || beyondVersion[0] !== 'namespaces') return false;
  // A namespace's own subresources look like kinds within it.
  return beyondVersion[2] !== 'status' && beyondVersion[2] !== 'finalize';
}

/** RBAC allows names such as `system:node` or `a/b`; `..` alone would climb out of the collection. */
function pathSegment(name: string): string {
  if (name === '' || name === '.' || name === '..') throw new RangeError(`"${name}" cannot name an object`);
  return encodeURIComponent(name);
}
