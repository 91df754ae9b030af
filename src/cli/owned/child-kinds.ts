import { groupOf, type KubeObject } from '../../shared/objects/object.ts';

/** `<group>/<kind>` of what the API's own controllers make for an object of a kind, down to pods. */
const made: ReadonlyMap<string, readonly string[]> = new Map([
  ['apps/Deployment', ['apps/ReplicaSet']],
  ['apps/ReplicaSet', ['/Pod']],
  ['apps/StatefulSet', ['/Pod', '/PersistentVolumeClaim']],
  ['apps/DaemonSet', ['/Pod']],
  ['batch/CronJob', ['batch/Job']],
  ['batch/Job', ['/Pod']],
  ['/ReplicationController', ['/Pod']],
]);

/** What a controller behind a kind of somebody's own may make. */
const madeByOthers: readonly string[] = [
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  'batch/CronJob',
  'batch/Job',
  '/PersistentVolumeClaim',
  '/Pod',
];

/** All that may hang below an object of this kind, at any depth. */
export function descendantKinds(kind: string): ReadonlySet<string> {
  const found = new Set<string>();
  const toLookAt = [...childKinds(kind)];
  for (let next = toLookAt.pop(); next !== undefined; next = toLookAt.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    toLookAt.push(...childKinds(next));
  }
  return found;
}

function childKinds(kind: string): readonly string[] {
  return made.get(kind) ?? (isBuiltIn(kind) ? [] : madeByOthers);
}

/** Kinds of the API server's own have a group without a dot, or one that is kept for Kubernetes. */
function isBuiltIn(kind: string): boolean {
  const group = kind.slice(0, kind.indexOf('/'));
  return !group.includes('.') || group.endsWith('.k8s.io');
}

export function kindKeyOf({ apiVersion, kind }: Pick<KubeObject, 'apiVersion' | 'kind'>): string {
  return `${groupOf(apiVersion)}/${kind}`;
}
