import { askingOf } from '../../apply/asking.ts';
import { isNotFound } from '../../kube/errors.ts';
import { apiVersionOf } from '../../kube/paths.ts';
import { getMetadata } from '../../kube/requests.ts';
import { followGroup } from '../../live/awaited-group.ts';
import type { TargetObject } from '../target-object.ts';
import type { Attempt } from '../verb.ts';

/** Resolves when the object of this UID is not there any more; most are gone at once. Rejects with the signal's reason. */
export async function untilGone({ place }: TargetObject, uid: string, attempt: Attempt): Promise<void> {
  const { target, clock, signal, park } = attempt;
  const { client } = target.cluster;
  const isThere = await getMetadata(client, place).then(
    ({ metadata }) => metadata.uid === uid,
    (error: unknown) => {
      if (isNotFound(error)) return false;
      throw error;
    },
  );
  if (!isThere) return;

  const gone = new AbortController();
  const { resource, namespace = '', name } = place;
  const group = { apiVersion: apiVersionOf(resource), kind: resource.kind, namespace, names: [name] };
  const sightings = {
    seen: (_name: string, { metadata }: { readonly metadata: { readonly uid?: string } }) => {
      if (metadata.uid !== uid) gone.abort();
    },
    absent: () => gone.abort(),
    unknown: () => {}, // asked again, until the action's time is up
  };
  await park('deletion', () =>
    followGroup(group, askingOf(target, clock), sightings, AbortSignal.any([gone.signal, signal])),
  );
  if (!gone.signal.aborted) signal.throwIfAborted();
}
