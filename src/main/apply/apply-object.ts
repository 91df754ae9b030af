import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isTransient, KubeError } from '../kube/errors.ts';
import type { Target as Place } from '../kube/requests.ts';
import type { KubeResponse, MetadataObject } from '../kube/types.ts';
import type { LiveObject } from '../live/live-object.ts';
import { ownershipPrint } from '../live/ownership-print.ts';
import { notInstalled, placeOf, type Target } from './cluster.ts';
import { answerTo } from './conflict-policy.ts';
import { publicError, type Refusal, refusal } from './refusal.ts';
import { type Sending, sendApply } from './send-apply.ts';
import { fold } from './take-over.ts';

export type ApplyAnswer = Applied | Kept | Refused | InTheWay;

export interface Applied {
  readonly is: 'applied';
  readonly object: PlannedObject;
  /** Told by resourceVersions. */
  readonly effect: 'created' | 'configured' | 'unchanged';
  /** Of the object as this very apply left it. */
  readonly print: string;
  /** As it was before, as far as we knew. */
  readonly before: LiveObject | undefined;
}

/** The policy leaves the live object as it is. */
export interface Kept {
  readonly is: 'kept';
  readonly object: PlannedObject;
  readonly before: LiveObject | undefined;
}

export interface Refused {
  readonly is: 'refused';
  readonly refusal: Refusal;
}

/** An immutable field keeps it from becoming what it should; the policy says that it is to go. */
export interface InTheWay {
  readonly is: 'in the way';
  readonly object: PlannedObject;
  readonly place: Place;
  readonly error: KubeError;
}

export async function applyObject(target: Target, object: PlannedObject, sending: Sending): Promise<ApplyAnswer> {
  const place = await placeOf(target.cluster, object);
  if (place === undefined) return { is: 'refused', refusal: { object, message: notInstalled(object) } };
  const before = target.cluster.live.get(object.id);
  const policy = sending.policyOf(object);
  try {
    const wrote = sending.beforeWrite?.(place.resource, object.id);
    const { status, body } = await applyAndFold(target, place, object, sending);
    await wrote?.(body.metadata);
    target.cluster.live.observe(place.resource, body.metadata);
    const changed = before?.metadata.resourceVersion === body.metadata.resourceVersion ? 'unchanged' : 'configured';
    const print = ownershipPrint(body.metadata, target.cluster.live.isOverridden);
    return { is: 'applied', object, effect: status === 201 ? 'created' : changed, print, before };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    const answer = answerTo(error, policy);
    if (answer === 'keep') return { is: 'kept', object, before };
    if (answer === 'recreate') return { is: 'in the way', object, place, error };
    if (isTransient(error)) throw publicError(object, error);
    return { is: 'refused', refusal: refusal(object, error, policy) };
  }
}

/** The second apply removes what others had set and we do not want. */
async function applyAndFold(
  target: Target,
  place: Place,
  object: PlannedObject,
  sending: Sending,
): Promise<KubeResponse<MetadataObject>> {
  const first = await sendApply(target, place, object, sending, { dryRun: false });
  if (!(await fold(target, place, object, sending, first.body.metadata))) return first;
  const second = await sendApply(target, place, object, sending, { dryRun: false });
  return { ...second, status: first.status };
}
