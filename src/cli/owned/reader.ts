import type { Discovery } from '../../main/kube/discovery.ts';
import { isForbidden, isNotFound, KubeError } from '../../main/kube/errors.ts';
import { apiVersionOf } from '../../main/kube/paths.ts';
import { getObject, listPaged, type Selection, type Target } from '../../main/kube/requests.ts';
import type { ClusterClient, Resource } from '../../main/kube/types.ts';
import { isStatusFree } from '../../shared/kstatus/status-free.ts';
import type { KubeObject } from '../../shared/objects/object.ts';

export type Found =
  | { readonly is: 'found'; readonly object: KubeObject }
  | { readonly is: 'absent' }
  /** The user may not look. */
  | { readonly is: 'unread' };

export interface ListManner {
  /** Even of a kind in whose status nothing is to be read. */
  readonly whole?: boolean;
  /** That it may not be read is not worth telling. */
  readonly silently?: boolean;
}

export const REQUESTS_AT_ONCE = 8;

/** Of one kind in one namespace. */
const MOST_LISTED = 5_000;

/**
 * Reads a cluster with its user's own rights. What they may not read is no error: it is left out, and `unread` says so
 * in half a sentence each.
 */
export class Reader {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly #unread = new Set<string>();

  constructor(client: ClusterClient, discovery: Discovery) {
    this.client = client;
    this.discovery = discovery;
  }

  /** Such as `you may not list pods in namespace shop`. */
  get unread(): readonly string[] {
    return [...this.#unread];
  }

  async get(target: Target): Promise<Found> {
    try {
      return { is: 'found', object: await getObject(this.client, target) };
    } catch (error) {
      if (isNotFound(error)) return { is: 'absent' };
      if (!isForbidden(error)) throw error;
      this.note(`you may not get ${nameOf(target.resource)}${within(target.namespace)}`);
      return { is: 'unread' };
    }
  }

  /** Undefined: the user may not look, or there is too much to look at. */
  async list<T = KubeObject>(selection: Selection, manner: ListManner = {}): Promise<readonly T[] | undefined> {
    const { resource, namespace } = selection;
    // No Secret's values for a look at how it stands.
    const answer = isStatusFree(resource) && manner.whole !== true ? 'metadata' : 'full';
    try {
      const request = { ...selection, answer, most: MOST_LISTED } as const;
      const { items } = await listPaged<T>(this.client, request);
      return items.map((item) => ({ ...item, apiVersion: apiVersionOf(resource), kind: resource.kind }));
    } catch (error) {
      if (isNotFound(error)) return []; // not served any more
      if (!isForbidden(error) && !isTooLarge(error)) throw error;
      if (manner.silently) return undefined;
      const why = isForbidden(error) ? 'you may not list' : `there are more than ${MOST_LISTED} objects among the`;
      this.note(`${why} ${nameOf(resource)}${within(namespace)}`);
      return undefined;
    }
  }

  note(unread: string): void {
    this.#unread.add(unread);
  }
}

function isTooLarge(error: unknown): boolean {
  return error instanceof KubeError && error.status === 413;
}

function nameOf({ plural, group }: Resource): string {
  return group.includes('.') && !group.endsWith('.k8s.io') ? `${plural}.${group}` : plural;
}

function within(namespace: string | undefined): string {
  return namespace === undefined || namespace === '' ? '' : ` in namespace ${namespace}`;
}
