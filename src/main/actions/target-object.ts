import type { ObjectTarget } from '../../shared/api/types.ts';
import { groupOf, versionOf } from '../../shared/objects/object.ts';
import { describeObjectId, formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import { mannerOf } from '../apply/cluster.ts';
import { withoutValues } from '../apply/refusal.ts';
import { KubeError } from '../kube/errors.ts';
import type { Target as Place, WriteManner } from '../kube/requests.ts';
import { ActionFailed, type Attempt } from './verb.ts';

/** The one object that an action is about. */
export interface TargetObject {
  readonly id: ObjectId;
  /** To address it with, as who may. */
  readonly place: Place & WriteManner;
}

/** Where it names no namespace it is in the StageSet's. Undefined: the cluster does not have its kind. */
export async function findTarget(
  { apiVersion, kind, name, namespace }: ObjectTarget,
  { target, namespace: ownNamespace }: Attempt,
): Promise<TargetObject | undefined> {
  const group = groupOf(apiVersion);
  const resource = await target.cluster.discovery.lookUp({ group, version: versionOf(apiVersion), kind });
  if (resource === undefined) return undefined;
  const within = resource.namespaced ? (namespace ?? ownNamespace) : undefined;
  return {
    id: formatObjectId({ namespace: within ?? '', name, group, kind }),
    place: { resource, namespace: within, name, ...mannerOf(target) },
  };
}

/** What the server would not do, in words that may be shown; the cause tells whether that may pass by itself. */
export function refused({ id }: TargetObject, { isSensitive }: Attempt, error: unknown): unknown {
  if (!(error instanceof KubeError)) return error;
  return new ActionFailed(`${describeObjectId(id)}: ${wordsOf(error, isSensitive(id))}`, { cause: error });
}

function wordsOf(error: KubeError, isSensitive: boolean): string {
  if (error.status === 404) return 'not found';
  return error.status > 0 && isSensitive ? withoutValues(error) : error.message;
}

export function missingKind({ apiVersion, kind, name }: ObjectTarget): ActionFailed {
  return new ActionFailed(`${kind} ${name}: the cluster has no kind ${kind} in ${apiVersion}`);
}
