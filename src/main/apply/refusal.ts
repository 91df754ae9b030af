import { describeObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { KubeError } from '../kube/errors.ts';

/** One object that the API server would not take. */
export interface Refusal {
  readonly object: PlannedObject;
  readonly message: string;
}

export function refusal(object: PlannedObject, error: KubeError): Refusal {
  return {
    object,
    message: `${describeObjectId(object.id)}: ${object.sensitive ? withoutValues(error) : error.message}`,
  };
}

/** The same error, in words that may be shown. Where no answer came, the words are our own. */
export function publicError(object: PlannedObject, error: KubeError): KubeError {
  if (!object.sensitive || error.status === 0) return error;
  const { status, reason, retryAfterMs } = error;
  return new KubeError({ status, reason, retryAfterMs, message: refusal(object, error).message });
}

/** The API server and its webhooks quote what they refuse: of a sensitive object only field and reason are told. */
function withoutValues(error: KubeError): string {
  const causes = (error.details?.causes ?? []).flatMap(({ field, reason }) =>
    field === undefined ? [] : [`${field}: ${reason ?? 'refused'}`],
  );
  return causes.length === 0 ? `refused (${error.reason})` : `refused (${error.reason}): ${causes.join(', ')}`;
}

/** Several objects of one stage were refused; all of them are told, the first ten by name. */
export class ObjectsRefused extends Error {
  constructor(refusals: readonly Refusal[]) {
    const shown = refusals.slice(0, 10).map((each) => each.message);
    const more = refusals.length > shown.length ? [`and ${refusals.length - shown.length} more`] : [];
    super([...shown, ...more].join('; '));
    this.name = 'ObjectsRefused';
  }
}

/** What a stage brings that another of its objects may need first. */
export interface StageContents {
  readonly namespaces: ReadonlySet<string>;
  /** `<group>/<kind>` that CRDs of this stage define. */
  readonly definedKinds: ReadonlySet<string>;
  readonly kinds: ReadonlySet<string>;
}

export function contentsOf(objects: readonly PlannedObject[], definedKinds: ReadonlySet<string>): StageContents {
  const parts = objects.flatMap((object) => parseObjectId(object.id) ?? []);
  return {
    namespaces: new Set(
      parts.filter((each) => each.kind === 'Namespace' && each.group === '').map((each) => each.name),
    ),
    definedKinds,
    kinds: new Set(parts.map((each) => each.kind)),
  };
}

const roleKinds = ['Role', 'ClusterRole'] as const;
const podNeeds = ['ServiceAccount', 'ResourceQuota', 'PriorityClass'] as const;

/**
 * Whether a refusal may be gone once another object of the same stage exists. What the schema refuses (400, 422)
 * is final; so is everything where this stage brings nothing that could help.
 */
export function mayPass(object: PlannedObject, error: KubeError, stage: StageContents): boolean {
  if (error.status === 400 || error.status === 422) return false;
  const parts = parseObjectId(object.id);
  if (parts === undefined) return false;
  if (stage.namespaces.has(parts.namespace)) return true;
  if (stage.definedKinds.has(`${parts.group}/${parts.kind}`)) return true;
  if (parts.kind.endsWith('RoleBinding')) return roleKinds.some((kind) => stage.kinds.has(kind));
  if (parts.kind === 'Pod') return podNeeds.some((kind) => stage.kinds.has(kind));
  return false;
}
