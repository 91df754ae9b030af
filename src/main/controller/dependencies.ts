import type { StageSet } from '../../shared/api/types.ts';
import { isInScope, type WatchScope } from '../kube/watch-scope.ts';

export interface StageSetLookup {
  get(key: string): StageSet | undefined;
}

export type DependencyVerdict =
  | { readonly is: 'ready' }
  | { readonly is: 'notReady'; readonly message: string }
  /** Names the whole circle: a change to any StageSet on it may open it. */
  | { readonly is: 'cycle'; readonly message: string };

export interface DependencyPolicy {
  readonly noCrossNamespaceRefs: boolean;
  readonly watchNamespaces: WatchScope;
}

/** Whether every StageSet that this one depends on is Ready at its current generation. */
export function judgeDependencies(set: StageSet, sets: StageSetLookup, policy: DependencyPolicy): DependencyVerdict {
  const cycle = findCycle(set, sets);
  if (cycle !== undefined) return { is: 'cycle', message: `spec.dependsOn forms a cycle: ${shown(cycle, set)}` };
  const waiting = dependencyKeys(set).flatMap((key) => {
    const why = whyNotReady(key, set, sets, policy);
    return why === undefined ? [] : [`"${key}" ${why}`];
  });
  if (waiting.length === 0) return { is: 'ready' };
  return { is: 'notReady', message: `waiting for StageSet ${waiting.join(', ')}` };
}

export function stageSetKey(set: StageSet): string {
  return `${set.metadata.namespace ?? ''}/${set.metadata.name}`;
}

export function dependencyKeys(set: StageSet): readonly string[] {
  return (set.spec.dependsOn ?? []).map(
    ({ namespace, name }) => `${namespace ?? set.metadata.namespace ?? ''}/${name}`,
  );
}

function whyNotReady(key: string, set: StageSet, sets: StageSetLookup, policy: DependencyPolicy): string | undefined {
  const crossesNamespaces = !key.startsWith(`${set.metadata.namespace ?? ''}/`);
  if (crossesNamespaces && policy.noCrossNamespaceRefs) return 'which is in another namespace: not allowed here';
  if (!isInScope(policy.watchNamespaces, key.slice(0, key.indexOf('/')))) {
    return 'which is in a namespace that this controller does not watch (--watch-namespaces)';
  }
  const dependency = sets.get(key);
  // One answer for every case: different ones would tell a tenant what another namespace holds.
  if (crossesNamespaces) return isReady(dependency) ? undefined : 'which cannot be reached or is not Ready';
  if (dependency === undefined) return 'which does not exist';
  const ready = dependency.status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.status !== 'True') return 'which is not Ready';
  const { generation } = dependency.metadata;
  const observed = dependency.status?.observedGeneration;
  return observed === generation ? undefined : 'which is not Ready at its newest generation yet';
}

function isReady({ metadata, status }: Partial<StageSet> = {}): boolean {
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  return ready?.status === 'True' && status?.observedGeneration === metadata?.generation;
}

/** What this StageSet does not name itself, and what lies in another namespace, is not for its tenant to know. */
function shown(cycle: readonly string[], set: StageSet): string {
  const known = new Set(dependencyKeys(set));
  const home = `${set.metadata.namespace ?? ''}/`;
  return cycle.map((key) => (key.startsWith(home) || known.has(key) ? key : '…')).join(' → ');
}

/** Depth first over the graph as it stands; the path back to the start, or undefined. */
function findCycle(start: StageSet, sets: StageSetLookup): readonly string[] | undefined {
  const home = stageSetKey(start);
  const seen = new Set<string>();
  const paths = dependencyKeys(start).map((key): readonly string[] => [home, key]);
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const key = path[path.length - 1] ?? home;
    if (key === home) return path;
    if (seen.has(key)) continue;
    seen.add(key);
    const next = sets.get(key);
    if (next !== undefined) paths.push(...dependencyKeys(next).map((each) => [...path, each]));
  }
  return undefined;
}
