import { clusterName } from '../inventory/target.ts';
import { isForbidden, isNotFound } from '../kube/errors.ts';
import { namespaceResource } from '../kube/own-kinds.ts';
import { getMetadata } from '../kube/requests.ts';
import type { ClusterClient } from '../kube/types.ts';

export interface Asked {
  readonly client: ClusterClient;
  readonly server: string;
  readonly ca: string | Buffer | undefined;
  /** Whose right to look decides; undefined: the client's own. */
  readonly as?: string | undefined;
}

/** Which cluster this is, as inventories record it. The one who may not look goes by the address alone. */
export async function askClusterName({ client, server, ca, as }: Asked): Promise<string> {
  try {
    const manner = as === undefined ? {} : { as };
    const { metadata } = await getMetadata(client, { resource: namespaceResource, name: 'kube-system', ...manner });
    return clusterName({ uid: metadata.uid, server, ca });
  } catch (error) {
    if (!isForbidden(error) && !isNotFound(error)) throw error;
    return clusterName({ uid: undefined, server, ca });
  }
}

/** Asks until there is an answer, then never again: no cluster becomes another. */
export function asksOnce(ask: () => Promise<string>): () => Promise<string> {
  let answer: Promise<string> | undefined;
  return () => {
    answer ??= ask().catch((error: unknown) => {
      answer = undefined;
      throw error;
    });
    return answer;
  };
}
