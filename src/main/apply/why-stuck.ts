import { conditionsOf, fieldAt, isFields } from '../../shared/kstatus/fields.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { collectionPath } from '../kube/paths.ts';
import { getObject } from '../kube/requests.ts';
import type { Resource } from '../kube/types.ts';
import type { Target } from './cluster.ts';
import { podProblem, withDetail } from './pod-problem.ts';
import { MOST_LISTED } from './verify.ts';

/** By `<group>/<kind>`: conditions of theirs that tell what kstatus leaves out. */
const workloads: ReadonlyMap<string, readonly string[]> = new Map([
  ['apps/Deployment', ['ReplicaFailure']],
  ['apps/ReplicaSet', ['ReplicaFailure']],
  ['apps/StatefulSet', []],
  ['apps/DaemonSet', []],
  ['batch/Job', ['Failed', 'FailureTarget']],
]);

const PATIENCE_MS = 5_000;
const MOST_PODS = 100;

/**
 * Why each of these is stuck, as far as its pods tell, in two requests for each that is going to be listed. What the
 * account may not read is left out, and so is whatever else goes wrong: it must not hide what is being explained.
 */
export async function whyStuck(target: Target, ids: readonly ObjectId[]): Promise<ReadonlyMap<ObjectId, string>> {
  const found = await Promise.all(
    ids.slice(0, MOST_LISTED).map(async (id) => {
      const reason = await reasonOf(target, id).catch(() => undefined);
      return reason === undefined ? [] : [[id, reason] as const];
    }),
  );
  return new Map(found.flat());
}

async function reasonOf(target: Target, id: ObjectId): Promise<string | undefined> {
  const parts = parseObjectId(id);
  if (parts === undefined) return undefined;
  const { group, kind, name, namespace } = parts;
  const telling = workloads.get(`${group}/${kind}`);
  const resource = target.cluster.discovery.find({ group, kind });
  if (resource === undefined || (telling === undefined && `${group}/${kind}` !== '/Pod')) return undefined;
  const object = await getObject(target.cluster.client, { resource, name, namespace, ...mannerOf(target) });
  if (telling === undefined) return podProblem(object);
  const pods = await podsOf(target, namespace, object).catch(() => []);
  const reasons = [conditionProblem(object, telling), problemAmong(pods)].filter((reason) => reason !== undefined);
  return reasons.length === 0 ? undefined : reasons.join('; ');
}

function conditionProblem(object: KubeObject, telling: readonly string[]): string | undefined {
  const found = conditionsOf(object).find(({ type, status }) => telling.includes(type) && status === 'True');
  return found && withDetail(found.reason, found.message);
}

/** One is told of: the newest that has a problem, for that is of what was applied last. */
function problemAmong(pods: readonly KubeObject[]): string | undefined {
  const created = ({ metadata }: KubeObject) => Date.parse(metadata.creationTimestamp ?? '');
  for (const pod of pods.toSorted((a, b) => created(b) - created(a))) {
    const problem = pod.metadata.deletionTimestamp === undefined ? podProblem(pod) : undefined;
    if (problem !== undefined) return `pod ${pod.metadata.name}: ${problem}`;
  }
  return undefined;
}

/** Those that the selector of this workload finds. */
export async function podsOf(target: Target, namespace: string, object: KubeObject): Promise<readonly KubeObject[]> {
  const labelSelector = selectorText(fieldAt(object, 'spec.selector'));
  const { client, discovery } = target.cluster;
  const pods: Resource | undefined = discovery.find({ group: '', kind: 'Pod' });
  if (labelSelector === '' || pods === undefined) return []; // an empty selector would mean them all
  const { body } = await client.send<{ readonly items?: readonly KubeObject[] }>({
    ...mannerOf(target),
    method: 'GET',
    path: collectionPath(pods, namespace),
    query: { labelSelector, limit: String(MOST_PODS) },
  });
  return body.items ?? [];
}

function mannerOf({ as, lease }: Target) {
  return { lease, timeoutMs: PATIENCE_MS, ...(as !== undefined && { as }) };
}

/** As the query of a LIST writes it. */
export function selectorText(selector: unknown): string {
  const labels = fieldAt(selector, 'matchLabels');
  const equal = isFields(labels) ? Object.entries(labels).map(([key, value]) => `${key}=${value}`) : [];
  const expressions = fieldAt(selector, 'matchExpressions');
  const others = Array.isArray(expressions) ? expressions.filter(isFields).map(requirementText) : [];
  return [...equal, ...others].join(',');
}

function requirementText({ key, operator, values }: Readonly<Record<string, unknown>>): string {
  const among = `(${Array.isArray(values) ? values.join(',') : ''})`;
  switch (operator) {
    case 'In':
      return `${key} in ${among}`;
    case 'NotIn':
      return `${key} notin ${among}`;
    case 'Exists':
      return `${key}`;
    default:
      return `!${key}`;
  }
}
