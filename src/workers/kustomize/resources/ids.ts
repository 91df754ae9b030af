import { clusterScopedKinds } from '../tables/cluster-scoped.ts';

export interface Gvk {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

/** What a field spec or selector asks for; what it leaves open may be anything. */
export type GvkPattern = Partial<Gvk>;

export function matchesGvk(gvk: Gvk, pattern: GvkPattern): boolean {
  return (
    (!pattern.group || pattern.group === gvk.group) &&
    (!pattern.version || pattern.version === gvk.version) &&
    (!pattern.kind || pattern.kind === gvk.kind)
  );
}

/** `apps/v1` → apps and v1; everything after the first slash is the version. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  if (slash < 0) return { group: '', version: apiVersion };
  return { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

export function apiVersionOf({ group, version }: Gvk): string {
  return group === '' ? version : `${group}/${version}`;
}

/** An object's identity at one point of the build. */
export interface ResId extends Gvk {
  readonly name: string;
  readonly namespace: string;
  /** Whether its kind is known to be outside of namespaces; of an identity it had before, kustomize forgets that. */
  readonly isClusterScoped: boolean;
}

export const DEFAULT_NAMESPACE = 'default';
/** Where kustomize keeps what has no namespace. No namespace can have that name. */
export const NO_NAMESPACE = '_non_namespaceable_';

/** `default` when none is said. */
export function effectiveNamespace(id: ResId): string {
  if (id.isClusterScoped) return NO_NAMESPACE;
  return id.namespace === '' ? DEFAULT_NAMESPACE : id.namespace;
}

export function sameNamespace(a: ResId, b: ResId): boolean {
  return effectiveNamespace(a) === effectiveNamespace(b);
}

/** Equal for two identities that stand for the same object. */
export function idKey(id: ResId): string {
  return `${id.group}\n${id.version}\n${id.kind}\n${effectiveNamespace(id)}\n${id.name}`;
}

export function describeId({ kind, name, namespace }: ResId): string {
  return namespace === '' || namespace === NO_NAMESPACE ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

/** Asks, beside the built-in table, whether a custom schema says that a kind has no namespace. */
export interface Scopes {
  isClusterScoped(apiVersion: string, kind: string): boolean;
}

export const builtInScopes: Scopes = {
  isClusterScoped: (apiVersion, kind) => clusterScopedKinds.has(`${apiVersion} ${kind}`),
};
