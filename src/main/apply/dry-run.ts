import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isTransient, KubeError } from '../kube/errors.ts';
import type { Target as Place } from '../kube/requests.ts';
import { notInstalled, placeOf, type Target } from './cluster.ts';
import { answerTo, immutableFieldsIn } from './conflict-policy.ts';
import { mapped } from './mapped.ts';
import {
  contentsOf,
  mayPass,
  ObjectsRefused,
  publicError,
  type Refusal,
  refusal,
  type StageContents,
} from './refusal.ts';
import { type Sending, sendApply, tryCreate, WIDTH } from './send-apply.ts';
import { foldFirst } from './take-over.ts';

/**
 * Shows every changed object to the API server before the first one is written, so that a bad manifest leaves
 * nothing half applied. Throws ObjectsRefused with all refusals; returns those to ask again just before their wave.
 */
export async function validateAll(
  target: Target,
  changed: readonly PlannedObject[],
  sending: Sending,
  definedKinds: ReadonlySet<string>,
): Promise<ReadonlySet<PlannedObject>> {
  const stage = contentsOf(changed, definedKinds);
  const verdicts = await mapped(changed, WIDTH, (object) => dryRun(target, object, sending, stage));
  refuse(verdicts);
  return new Set(changed.filter((_, i) => verdicts[i]?.is === 'later'));
}

/** The second look at what had to wait: now it counts. */
export async function validateDeferred(
  target: Target,
  objects: readonly PlannedObject[],
  sending: Sending,
): Promise<void> {
  const nothingToCome = contentsOf([], new Set());
  refuse(await mapped(objects, WIDTH, (object) => dryRun(target, object, sending, nothingToCome)));
}

type Verdict =
  | { readonly is: 'fine' }
  | { readonly is: 'later' }
  | { readonly is: 'refused'; readonly refusal: Refusal };

function refuse(verdicts: readonly Verdict[]): void {
  const refusals = verdicts.flatMap((verdict) => (verdict.is === 'refused' ? [verdict.refusal] : []));
  if (refusals.length > 0) throw new ObjectsRefused(refusals);
}

async function dryRun(target: Target, object: PlannedObject, sending: Sending, stage: StageContents): Promise<Verdict> {
  const place = await placeOf(target.cluster, object);
  if (place === undefined) {
    const missing = new KubeError({ status: 404, reason: 'NotFound', message: notInstalled(object) });
    if (mayPass(object, missing, stage)) return { is: 'later' };
    return { is: 'refused', refusal: { object, message: missing.message } };
  }
  try {
    await sendApply(target, place, object, sending, { dryRun: true });
    return { is: 'fine' };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const policy = sending.policyOf(object);
    const answer = answerTo(error, policy);
    if (answer === 'keep') return { is: 'fine' };
    if (answer === 'recreate') return await dryRunAnew(target, place, object, sending);
    if (mayPass(object, error, stage)) return { is: 'later' };
    if (cannotDryRun(error)) return { is: 'fine' };
    if (mayBeOthers(error) && (await foldFirst(target, place, object, sending)))
      return dryRun(target, object, sending, stage);
    // The server is busy or away: no verdict on the object.
    if (isTransient(error)) throw publicError(object, error);
    return { is: 'refused', refusal: refusal(object, error, policy) };
  }
}

/** Before an object goes it is certain that the server would take its successor: else it would be gone for nothing. */
async function dryRunAnew(target: Target, place: Place, object: PlannedObject, sending: Sending): Promise<Verdict> {
  try {
    await tryCreate(target, place, object, sending);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.reason === 'AlreadyExists') return { is: 'fine' }; // nothing else was wrong with it
    const isUnfit = (error.status === 400 && !cannotDryRun(error)) || error.status === 422;
    if (isUnfit) return { is: 'refused', refusal: refusal(object, error) };
    if (isTransient(error)) throw publicError(object, error);
  }
  return { is: 'fine' };
}

/** Not what is immutable: that is no matter of what else is there. */
function mayBeOthers(error: KubeError): boolean {
  return error.status === 422 && immutableFieldsIn(error).length === 0;
}

/** A webhook with side effects, or a kind without dry run: says nothing about the object. */
function cannotDryRun(error: KubeError): boolean {
  return error.status === 400 && /dry.?run/i.test(error.message);
}
