import { type ClusterClient, unleased } from './types.ts';

export interface AccessQuestion {
  /** `Local` asks in the namespace itself, which a Role there allows; `Self` what the asker may do. */
  readonly kind: 'SubjectAccessReview' | 'LocalSubjectAccessReview' | 'SelfSubjectAccessReview';
  readonly resourceAttributes: {
    readonly verb: string;
    readonly group: string;
    readonly resource: string;
    readonly namespace: string;
    readonly name?: string;
  };
  /** Who is to do it, and in which groups; a review counts only those that it names. */
  readonly subject?: Readonly<Record<string, unknown>>;
  readonly timeoutMs?: number;
}

/** Whether the cluster lets that be done. */
export async function isAllowed(
  client: ClusterClient,
  { kind, resourceAttributes, subject, timeoutMs }: AccessQuestion,
): Promise<boolean> {
  const { namespace } = resourceAttributes;
  const isLocal = kind === 'LocalSubjectAccessReview';
  const where = isLocal ? `namespaces/${encodeURIComponent(namespace)}/` : '';
  const { body } = await client.send<{ readonly status?: { readonly allowed?: boolean } }>({
    method: 'POST',
    path: `/apis/authorization.k8s.io/v1/${where}${kind.toLowerCase()}s`,
    lease: unleased,
    ...(timeoutMs !== undefined && { timeoutMs }),
    body: JSON.stringify({
      apiVersion: 'authorization.k8s.io/v1',
      kind,
      ...(isLocal && { metadata: { namespace } }),
      spec: { ...subject, resourceAttributes },
    }),
  });
  return body.status?.allowed === true;
}
