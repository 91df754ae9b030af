/** The namespaces that the controller looks at; none named: all of them, and what lives outside. */
export type WatchScope = readonly string[];

export const everywhere: WatchScope = [];

/** `''` is where objects live that have no namespace. */
export function isInScope(scope: WatchScope, namespace: string): boolean {
  return scope.length === 0 || scope.includes(namespace);
}
