import type { PlannedObject } from '../../shared/protocol/tasks.ts';
import { isTransient, KubeError } from '../kube/errors.ts';
import { notInstalled, placeOf, type Target } from './cluster.ts';
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
import { type BodyOf, sendApply, WIDTH } from './send-apply.ts';

/**
 * Shows every changed object to the API server before the first one is written, so that a bad manifest leaves
 * nothing half applied. Throws ObjectsRefused with all refusals; returns those to ask again just before their wave.
 */
export async function validateAll(
  target: Target,
  changed: readonly PlannedObject[],
  bodyOf: BodyOf,
  definedKinds: ReadonlySet<string>,
): Promise<ReadonlySet<PlannedObject>> {
  const stage = contentsOf(changed, definedKinds);
  const verdicts = await mapped(changed, WIDTH, (object) => dryRun(target, object, bodyOf, stage));
  refuse(verdicts);
  return new Set(changed.filter((_, i) => verdicts[i]?.is === 'later'));
}

/** The second look at what had to wait: now it counts. */
export async function validateDeferred(
  target: Target,
  objects: readonly PlannedObject[],
  bodyOf: BodyOf,
): Promise<void> {
  const nothingToCome = contentsOf([], new Set());
  refuse(await mapped(objects, WIDTH, (object) => dryRun(target, object, bodyOf, nothingToCome)));
}

type Verdict =
  | { readonly is: 'fine' }
  | { readonly is: 'later' }
  | { readonly is: 'refused'; readonly refusal: Refusal };

function refuse(verdicts: readonly Verdict[]): void {
  const refusals = verdicts.flatMap((verdict) => (verdict.is === 'refused' ? [verdict.refusal] : []));
  if (refusals.length > 0) throw new ObjectsRefused(refusals);
}

async function dryRun(target: Target, object: PlannedObject, bodyOf: BodyOf, stage: StageContents): Promise<Verdict> {
  const place = await placeOf(target.cluster, object);
  if (place === undefined) {
    const missing = new KubeError({ status: 404, reason: 'NotFound', message: notInstalled(object) });
    if (mayPass(object, missing, stage)) return { is: 'later' };
    return { is: 'refused', refusal: { object, message: missing.message } };
  }
  try {
    await sendApply(target, place, bodyOf(object), { dryRun: true });
    return { is: 'fine' };
  } catch (error) {
    if (!(error instanceof KubeError)) throw error;
    if (mayPass(object, error, stage)) return { is: 'later' };
    if (cannotDryRun(error)) return { is: 'fine' };
    // The server is busy or away: no verdict on the object.
    if (isTransient(error)) throw publicError(object, error);
    return { is: 'refused', refusal: refusal(object, error) };
  }
}

/** A webhook with side effects, or a kind without dry run: says nothing about the object. */
function cannotDryRun(error: KubeError): boolean {
  return error.status === 400 && /dry.?run/i.test(error.message);
}
