import { describeObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { KubeError } from '../kube/errors.ts';
import { immutableFieldsIn, type Policy } from './conflict-policy.ts';

/** One object that the API server would not take. */
export interface Refusal {
  readonly object: PlannedObject;
  readonly message: string;
}

export function refusal(object: PlannedObject, error: KubeError, policy?: Policy): Refusal {
  const words = immutableText(error, policy) ?? (object.sensitive ? withoutValues(error) : error.message);
  return { object, message: `${describeObjectId(object.id)}: ${words}` };
}

/** In our own words: the server's quote what it has and what it was sent, pages of it for a Job. */
function immutableText(error: KubeError, policy: Policy | undefined): string | undefined {
  const fields = immutableFieldsIn(error).map(withoutQuotes);
  if (fields.length === 0 || policy === undefined) return undefined;
  const what = `immutable and changed: ${fields.join(', ')}`;
  return policy.action === 'Recreate' && policy.guarded
    ? `${what}; not recreated, for its data would be lost: a conflictPolicy rule with allowDataLoss: true accepts that`
    : `${what} (conflict policy ${policy.action})`;
}

/** The same error, in words that may be shown. Where no answer came, the words are our own. */
export function publicError(object: PlannedObject, error: KubeError): KubeError {
  if (!object.sensitive || error.status === 0) return error;
  const { status, reason, retryAfterMs } = error;
  return new KubeError({ status, reason, retryAfterMs, message: refusal(object, error).message });
}

/** The API server and its webhooks quote what they refuse: of a sensitive object only field and reason are told. */
export function withoutValues(error: KubeError): string {
  const causes = (error.details?.causes ?? []).flatMap(({ field, reason }) =>
    field === undefined ? [] : [`${withoutQuotes(field)}: ${reasonWord(reason)}`],
  );
  const refused = `refused (${reasonWord(error.reason)})`;
  return causes.length === 0 ? refused : `${refused}: ${causes.join(', ')}`;
}

/** Elements of sets and keyed lists are named by their values: `spec.args[="--password=x"]`. A webhook writes what it likes. */
function withoutQuotes(field: string): string {
  const bare = field.replaceAll(/=("(?:[^"\\]|\\.)*"|[^\],]*)/g, '=…');
  return /^[\w.\-/[\]~=…,*]{1,200}$/.test(bare) ? bare : 'a field';
}

/** A word of the API's own, not what a webhook has put in its place. */
function reasonWord(reason = ''): string {
  return /^[A-Z][A-Za-z]{0,63}$/.test(reason) ? reason : 'refused';
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
