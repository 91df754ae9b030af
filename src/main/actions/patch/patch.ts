import { patchTypeOf } from '../../../shared/api/defaults.ts';
import type { PatchAction } from '../../../shared/api/types.ts';
import { isConflict, isFieldConflict, KubeError } from '../../kube/errors.ts';
import { getMetadata, patchObject } from '../../kube/requests.ts';
import type { MetadataObject, PatchType } from '../../kube/types.ts';
import { findTarget, missingKind, refused, type TargetObject } from '../target-object.ts';
import { ACTION_FIELD_MANAGER, type Attempt, type Verb } from '../verb.ts';
import { hasBeenDone, marked } from './marked.ts';
import { readJsonPatch, readMergePatch } from './read-patch.ts';

/** Changes an object that is there. */
export const patch: Verb<PatchAction> = async (fields, attempt) => {
  const found = await findTarget(fields.target, attempt);
  if (found === undefined) throw missingKind(fields.target);
  const change = patchTypeOf(fields) === 'merge' ? mergeInto : changeOnce;
  const wrote = attempt.beforeWrite(found.place.resource, found.id);
  try {
    const { metadata } = await change(found, fields.patch, attempt);
    await wrote(metadata);
  } catch (error) {
    throw refused(found, attempt, error);
  }
};

const UNSUPPORTED_MEDIA_TYPE = 415;

/** Again is harmless. A kind without a schema for strategic merges says so, and has changed nothing. */
async function mergeInto(found: TargetObject, text: string, attempt: Attempt): Promise<MetadataObject> {
  const wanted = readMergePatch(text);
  try {
    return await send(found, 'application/strategic-merge-patch+json', wanted, attempt);
  } catch (error) {
    if (!(error instanceof KubeError) || error.status !== UNSUPPORTED_MEDIA_TYPE) throw error;
    return await send(found, 'application/merge-patch+json', wanted, attempt);
  }
}

const TRIES = 5;

/**
 * Operations such as `add /list/-` count each time, so the same request marks the object as done, and is for the very
 * version that had no mark.
 */
async function changeOnce(found: TargetObject, text: string, attempt: Attempt): Promise<MetadataObject> {
  const mark = { key: attempt.key, base: attempt.standsAs(found.id) };
  const operations = readJsonPatch(text);
  for (let tries = 1; ; tries += 1) {
    const there = await getMetadata(attempt.target.cluster.client, found.place);
    if (hasBeenDone(there.metadata, attempt.key)) return there;
    try {
      return await send(found, 'application/json-patch+json', marked(operations, there.metadata, mark), attempt);
    } catch (error) {
      if (!isConflict(error) || isFieldConflict(error) || tries === TRIES) throw error;
    }
  }
}

async function send(
  { place }: TargetObject,
  type: Exclude<PatchType, 'application/apply-patch+yaml'>,
  wanted: unknown,
  { target }: Attempt,
): Promise<MetadataObject> {
  const request = { ...place, type, patch: wanted, fieldManager: ACTION_FIELD_MANAGER, answer: 'metadata' } as const;
  const { body } = await patchObject<MetadataObject>(target.cluster.client, request);
  return body;
}
