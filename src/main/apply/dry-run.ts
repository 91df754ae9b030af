import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isTransient, KubeError } from '../kube/errors.ts';
import type { Target as Place } from '../kube/requests.ts';
import type { MetadataObject } from '../kube/types.ts';
import { notInstalled, placeOf, type Reach } from './cluster.ts';
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
  target: Reach,
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
  target: Reach,
  objects: readonly PlannedObject[],
  sending: Sending,
): Promise<void> {
  const nothingToCome = contentsOf([], new Set());
  refuse(await mapped(objects, WIDTH, (object) => dryRun(target, object, sending, nothingToCome)));
}

/** What the server would do with an object, and the conflict policy about its answer. */
export type Verdict =
  /** `left`: the object as it would be then, as far as `sending` asks for it; the server may be unable to say. */
  | { readonly is: 'fine'; readonly left: MetadataObject | undefined }
  /** The policy leaves the live object as it is. */
  | { readonly is: 'kept' }
  /** The policy deletes it and creates it anew: these fields cannot be changed. */
  | { readonly is: 'recreated'; readonly fields: readonly string[] }
  /** Another object of the stage may have to be there first. */
  | { readonly is: 'later' }
  | { readonly is: 'refused'; readonly refusal: Refusal };

function refuse(verdicts: readonly Verdict[]): void {
  const refusals = verdicts.flatMap((verdict) => (verdict.is === 'refused' ? [verdict.refusal] : []));
  if (refusals.length > 0) throw new ObjectsRefused(refusals);
}

/** Writes nothing where `sending` folds nothing. */
export async function dryRun(
  target: Reach,
  object: PlannedObject,
  sending: Sending,
  stage: StageContents,
): Promise<Verdict> {
  const place = await placeOf(target.cluster, object);
  if (place === undefined) {
    const missing = new KubeError({ status: 404, reason: 'NotFound', message: notInstalled(object) });
    if (mayPass(object, missing, stage)) return { is: 'later' };
    return { is: 'refused', refusal: { object, message: missing.message } };
  }
  try {
    const { body } = await sendApply(target, place, object, sending, { dryRun: true });
    return { is: 'fine', left: body };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const policy = sending.policyOf(object);
    const answer = answerTo(error, policy);
    if (answer === 'keep') return { is: 'kept' };
    if (answer === 'recreate') return await dryRunAnew(target, place, object, sending, immutableFieldsIn(error));
    if (mayPass(object, error, stage)) return { is: 'later' };
    if (cannotDryRun(error)) return { is: 'fine', left: undefined };
    if (mayBeOthers(error) && (await foldFirst(target, place, object, sending)))
      return dryRun(target, object, sending, stage);
    // The server is busy or away: no verdict on the object.
    if (isTransient(error)) throw publicError(object, error);
    return { is: 'refused', refusal: refusal(object, error, policy) };
  }
}

/** Before an object goes it is certain that the server would take its successor: else it would be gone for nothing. */
async function dryRunAnew(
  target: Reach,
  place: Place,
  object: PlannedObject,
  sending: Sending,
  fields: readonly string[],
): Promise<Verdict> {
  try {
    await tryCreate(target, place, object, sending);
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (error.reason === 'AlreadyExists') return { is: 'recreated', fields }; // nothing else was wrong with it
    const isUnfit = (error.status === 400 && !cannotDryRun(error)) || error.status === 422;
    if (isUnfit) return { is: 'refused', refusal: refusal(object, error) };
    if (isTransient(error)) throw publicError(object, error);
  }
  return { is: 'recreated', fields };
}

/** Not what is immutable: that is no matter of what else is there. */
function mayBeOthers(error: KubeError): boolean {
  return error.status === 422 && immutableFieldsIn(error).length === 0;
}

/** A webhook with side effects, or a kind without dry run: says nothing about the object. */
function cannotDryRun(error: KubeError): boolean {
  return error.status === 400 && /dry.?run/i.test(error.message);
}
