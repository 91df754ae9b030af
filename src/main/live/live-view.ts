import { current, inProgress } from '../../shared/kstatus/readiness.ts';
import { isStatusFree } from '../../shared/kstatus/status-free.ts';
import { keys } from '../../shared/labels.ts';
import type { ObjectMeta } from '../../shared/objects/object.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { isNotFound } from '../kube/errors.ts';
import { listPaged } from '../kube/requests.ts';
import type { ClusterClient, Resource, WatchedObject } from '../kube/types.ts';
import { type LiveObject, type OwnerLabels, sameOwner } from './live-object.ts';
import { formOf, isLabelled, kindOf, type LiveObjects, type WantedKind } from './live-objects.ts';

/** Whether what the shared watches bring of a kind may be shown. */
export interface Rights {
  /** Without asking; undefined where it is not known. */
  known(kind: WantedKind): boolean | undefined;
  mayWatch(kind: WantedKind): Promise<boolean>;
}

export interface LiveViewOptions {
  readonly shared: LiveObjects;
  readonly client: ClusterClient;
  /** Who may see what the view shows. */
  readonly as: string | undefined;
  readonly rights: Rights;
  readonly clock: Clock;
  /** Ends the look that is under way. */
  readonly signal: AbortSignal;
}

/** While objects that cannot be watched are waited for, each kind is looked at again after this time, then less often. */
const LOOK_AGAIN_MS = 500;
const LOOK_AGAIN_AT_MOST_MS = 10_000;

/**
 * What one run sees of the objects on its cluster: no more than its identity may. Where that may list and watch a kind,
 * the shared watch serves it; else, and where nobody lets us watch, the kind is listed as that identity, once when it
 * is needed and again while its objects are waited for.
 */
export class LiveView implements Pick<LiveObjects, 'get' | 'standing' | 'observe' | 'subscribe' | 'isOverridden'> {
  readonly isOverridden: LiveObjects['isOverridden'];
  readonly #options: LiveViewOptions;
  readonly #listed = new Map<string, ListedKind>();
  /** Where a shared watch may be shown, by kind. Anybody can label an object of theirs as ours: elsewhere it is not. */
  readonly #served = new Map<string, ReadonlySet<string>>();

  constructor(options: LiveViewOptions) {
    this.#options = options;
    this.isOverridden = options.shared.isOverridden;
  }

  /** Shows exactly these kinds from now on. What is still to be waited for; undefined when all is known. */
  need(user: string, wanted: readonly WantedKind[]): Promise<unknown> | undefined {
    const { shared, rights } = this.#options;
    const isKnown = (kind: WantedKind) => this.#listed.has(kindOf(kind.resource)) || rights.known(kind) === true;
    const isServed = wanted.every((kind) => isKnown(kind) && this.#holds(kind));
    const watched = wanted.filter(({ resource }) => !this.#listed.has(kindOf(resource)));
    if (!isServed || shared.need(user, watched) !== undefined) return this.#look(user, wanted);
    this.#serve(wanted);
    return undefined;
  }

  get(id: ObjectId): LiveObject | undefined {
    const listed = this.#listedOf(id);
    if (listed !== undefined) return listed.objects.get(id);
    return this.#isServed(id) ? this.#options.shared.get(id) : undefined;
  }

  standing(id: ObjectId): LiveObject | undefined {
    const listed = this.#listedOf(id);
    if (listed !== undefined) return listed.objects.get(id);
    return this.#isServed(id) ? this.#options.shared.standing(id) : undefined;
  }

  /** As far as the kinds that this user needs show it. */
  ownedBy(owner: OwnerLabels, user: string): readonly LiveObject[] {
    const listed = [...this.#listed.values()].flatMap(({ objects }) => [...objects.values()]);
    return [
      ...this.#options.shared.ownedBy(owner, user).filter(({ id }) => this.#isServed(id)),
      ...listed.filter((live) => sameOwner(live.owner, owner)),
    ];
  }

  observe(resource: Resource, meta: ObjectMeta): void {
    const listed = this.#listed.get(kindOf(resource));
    if (listed === undefined) {
      this.#options.shared.observe(resource, meta);
      return;
    }
    if (!isLabelled(meta)) return;
    const unknown = inProgress('its status after the apply is not known yet');
    const live = this.#options.shared.read(resource, { apiVersion: '', kind: resource.kind, metadata: meta });
    listed.objects.set(live.id, { ...live, readiness: isStatusFree(resource) ? current : unknown });
  }

  subscribe(ids: readonly ObjectId[], listener: (id: ObjectId) => void): () => void {
    const { shared } = this.#options;
    const { listed = [], watched = [] } = Object.groupBy(ids, (id) => (this.#listedOf(id) ? 'listed' : 'watched'));
    const unsubscribe = shared.subscribe(watched, listener);
    const stopped = new AbortController();
    if (listed.length > 0) void this.#keepLooking(listed, listener, stopped.signal);
    return () => {
      unsubscribe();
      stopped.abort();
    };
  }

  async #look(user: string, wanted: readonly WantedKind[]): Promise<void> {
    const { shared, rights } = this.#options;
    const granted = await Promise.all(
      wanted.map(async (kind) => !this.#listed.has(kindOf(kind.resource)) && (await rights.mayWatch(kind))),
    );
    const watched = wanted.filter((_, i) => granted[i]);
    const refused = (await shared.need(user, watched)) ?? [];
    const unwatched = wanted.filter(({ resource }, i) => !granted[i] || refused.includes(resource));
    await Promise.all(unwatched.map((kind) => this.#listMissing(kind)));
    this.#serve(wanted.filter((kind) => !unwatched.includes(kind)));
  }

  #serve(kinds: readonly WantedKind[]): void {
    this.#served.clear();
    for (const { resource, namespaces } of kinds) this.#served.set(kindOf(resource), namespaces);
  }

  #isServed(id: ObjectId): boolean {
    const parts = parseObjectId(id);
    if (parts === undefined || this.#listed.has(kindOf(parts))) return false;
    return this.#options.as === undefined || this.#served.get(kindOf(parts))?.has(parts.namespace) === true;
  }

  #holds({ resource, namespaces }: WantedKind): boolean {
    const listed = this.#listed.get(kindOf(resource));
    return listed === undefined || namespaces.isSubsetOf(listed.namespaces);
  }

  async #listMissing({ resource, namespaces }: WantedKind): Promise<void> {
    const kind = this.#listed.get(kindOf(resource)) ?? { resource, namespaces: new Set(), objects: new Map() };
    const missing = namespaces.difference(kind.namespaces);
    await Promise.all([...missing].map((namespace) => this.#list(kind, namespace, this.#options.signal)));
    this.#listed.set(kindOf(resource), kind);
  }

  async #list(kind: ListedKind, namespace: string, signal: AbortSignal): Promise<void> {
    const { client, as, shared } = this.#options;
    const { resource } = kind;
    const { items } = await listPaged<WatchedObject>(client, {
      resource,
      namespace,
      labelSelector: keys.ownerName,
      most: shared.most,
      signal,
      ...(as !== undefined && { as }),
      ...(formOf(resource) === 'metadata' && { answer: 'metadata' }),
    }).catch((error: unknown) => {
      if (isNotFound(error)) return { items: [] }; // its kind went, and they with it
      throw error;
    });
    for (const [id, { metadata }] of kind.objects)
      if ((metadata.namespace ?? '') === namespace) kind.objects.delete(id);
    for (const item of items) {
      const live = shared.read(resource, item);
      kind.objects.set(live.id, live);
    }
    kind.namespaces.add(namespace);
  }

  /** A look that fails changes nothing: who waits has a deadline. */
  async #keepLooking(ids: readonly ObjectId[], listener: (id: ObjectId) => void, stopped: AbortSignal): Promise<void> {
    const kinds = new Set(ids.flatMap((id) => this.#listedOf(id) ?? []));
    for (let waitMs = LOOK_AGAIN_MS; !stopped.aborted; waitMs = Math.min(waitMs * 2, LOOK_AGAIN_AT_MOST_MS)) {
      const looks = [...kinds].flatMap((kind) =>
        [...kind.namespaces].map((namespace) => this.#list(kind, namespace, stopped)),
      );
      await Promise.allSettled(looks);
      for (const id of ids) if (!stopped.aborted) listener(id);
      await this.#options.clock.sleep(waitMs, stopped).catch(() => {});
    }
  }

  #listedOf(id: ObjectId): ListedKind | undefined {
    const parts = parseObjectId(id);
    return parts === undefined ? undefined : this.#listed.get(kindOf(parts));
  }
}

interface ListedKind {
  readonly resource: Resource;
  /** Those that have been listed. */
  readonly namespaces: Set<string>;
  readonly objects: Map<ObjectId, LiveObject>;
}
