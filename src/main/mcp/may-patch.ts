import { isAllowed } from '../kube/access-review.ts';
import { isForbidden } from '../kube/errors.ts';
import { stageSetResource } from '../kube/own-kinds.ts';
import type { ClusterClient } from '../kube/types.ts';
import type { WatchScope } from '../kube/watch-scope.ts';
import type { User } from './callers.ts';
import { Refused } from './refused.ts';
import type { Target } from './schemas.ts';

const TIMEOUT_MS = 5_000;

export interface Asking {
  readonly client: ClusterClient;
  readonly scope: WatchScope;
}

/** Whether this user may patch this very StageSet. Asked each time: a right that was taken away counts no longer. */
export async function mayPatch(
  { username, uid, groups, extra }: User,
  { namespace, name }: Target,
  { client, scope }: Asking,
): Promise<boolean> {
  const isLocal = scope.length > 0; // then the controller has rights in these namespaces only
  const kind = isLocal ? 'LocalSubjectAccessReview' : 'SubjectAccessReview';
  const { group, plural } = stageSetResource;
  try {
    return await isAllowed(client, {
      kind,
      resourceAttributes: { verb: 'patch', group, resource: plural, namespace, name },
      subject: { user: username, uid, groups, extra },
      timeoutMs: TIMEOUT_MS,
    });
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new Refused(
      `the controller may not ask what others may do: grant it create of ${kind.toLowerCase()}s.authorization.k8s.io`,
    );
  }
}
