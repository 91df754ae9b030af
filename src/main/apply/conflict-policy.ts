import { defaultConflictAction } from '../../shared/api/defaults.ts';
import type { ConflictAction, ConflictRule, Stage } from '../../shared/api/types.ts';
import { parseObjectId } from '../../shared/objects/object-id.ts';
import { isFieldConflict, type KubeError } from '../kube/errors.ts';
import type { Versioned } from './cluster.ts';

/** What becomes of an object whose change the server refuses. Known before the first request is sent. */
export interface Policy {
  readonly action: ConflictAction;
  /** Its data would go with it, and nobody has accepted that. */
  readonly guarded: boolean;
}

/** The first rule that matches, else the default. */
export function policyFor(stage: Stage, object: Versioned): Policy {
  const rule = stage.conflictPolicy?.rules?.find(({ target }) => matches(target, object));
  return {
    action: rule?.action ?? defaultConflictAction(stage),
    guarded: holdsData(object) && rule?.allowDataLoss !== true,
  };
}

function matches(target: ConflictRule['target'], { id, apiVersion }: Versioned): boolean {
  const own = { apiVersion, ...parseObjectId(id) };
  return (['apiVersion', 'kind', 'name', 'namespace'] as const).every(
    (field) => target[field] === undefined || target[field] === own[field],
  );
}

/** The object at hand decides, not what a rule or default names. */
function holdsData({ id }: Versioned): boolean {
  const { group, kind } = parseObjectId(id) ?? {};
  return group === '' && (kind === 'PersistentVolumeClaim' || kind === 'PersistentVolume');
}

export type Answer = 'refuse' | 'recreate' | 'keep';

/** What a refusal comes to. Only a forceful apply can recreate, and only one without force meets another manager's fields. */
export function answerTo(error: KubeError, { action, guarded }: Policy): Answer {
  const immutable = immutableFieldsIn(error).length > 0;
  switch (action) {
    case 'Fail':
      return 'refuse';
    case 'Recreate':
      return immutable && !guarded ? 'recreate' : 'refuse';
    case 'KeepExisting':
      return immutable || isFieldConflict(error) ? 'keep' : 'refuse';
    default:
      return action satisfies never;
  }
}

/** How the API server, and rules in CRDs by custom, say that a field may not change. */
const unchangeable =
  /immutable|may not change once set|may not be (changed|updated)|cannot (be changed|change )|updates to .* are forbidden|updates may not change/i;

/** Empty unless every cause is one of these: what is wrong with an object besides would be wrong with a new one, too. */
export function immutableFieldsIn({ status, details }: KubeError): readonly string[] {
  const causes = details?.causes ?? [];
  if (status !== 422 || !causes.every(({ message = '' }) => unchangeable.test(message))) return [];
  return [...new Set(causes.map(({ field = '' }) => field))];
}
