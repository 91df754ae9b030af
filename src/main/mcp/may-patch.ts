import { isForbidden } from '../kube/errors.ts';
import { stageSetResource } from '../kube/own-kinds.ts';
import { type ClusterClient, unleased } from '../kube/types.ts';
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
  const where = isLocal ? `namespaces/${encodeURIComponent(namespace)}/` : '';
  const { group, plural } = stageSetResource;
  try {
    const { body } = await client.send<Review>({
      method: 'POST',
      path: `/apis/authorization.k8s.io/v1/${where}${kind.toLowerCase()}s`,
      lease: unleased,
      timeoutMs: TIMEOUT_MS,
      body: JSON.stringify({
        apiVersion: 'authorization.k8s.io/v1',
        kind,
        ...(isLocal && { metadata: { namespace } }),
        spec: {
          user: username,
          uid,
          groups,
          extra,
          resourceAttributes: { verb: 'patch', group, resource: plural, namespace, name },
        },
      }),
    });
    return body.status?.allowed === true;
  } catch (error) {
    if (!isForbidden(error)) throw error;
    throw new Refused(
      `the controller may not ask what others may do: grant it create of ${kind.toLowerCase()}s.authorization.k8s.io`,
    );
  }
}

interface Review {
  readonly status?: { readonly allowed?: boolean };
}
