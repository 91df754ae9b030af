import { current, inProgress, type Readiness } from '../../shared/kstatus/readiness.ts';
import { readinessOf } from '../../shared/kstatus/readiness-of.ts';
import { isStatusFree } from '../../shared/kstatus/status-free.ts';
import { keys } from '../../shared/labels.ts';
import type { KubeObject, ObjectMeta } from '../../shared/objects/object.ts';
import { type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Clock } from '../../shared/time/clock.ts';
import { Store } from '../kube/store.ts';
import type { ClusterClient, Resource, WatchedForm, WatchedObject } from '../kube/types.ts';
import { type WatchHandle, watchKind } from '../kube/watch.ts';
import { everywhere, type WatchScope } from '../kube/watch-scope.ts';
import { DoneJobs, endOfLifeMs } from './done-jobs.ts';
import { type LiveObject, type OwnerLabels, toLiveObject } from './live-object.ts';
import type { IsOverridden } from './override-managers.ts';

export type LiveListener = (id: ObjectId, now: LiveObject | undefined, before: LiveObject | undefined) => void;

/** A kind, and the namespaces of its objects that are asked for; '' of one that lives outside. */
export interface WantedKind {
  readonly resource: Resource;
  readonly namespaces: ReadonlySet<string>;
}

export interface LiveObjectsOptions {
  readonly client: ClusterClient;
  /** Where it is not everywhere, each namespace of it has a watch of its own, and nothing else is asked for. */
  readonly scope?: WatchScope | undefined;
  /** Who watches: on another cluster, whoever applies there. */
  readonly as?: string | undefined;
  /** Of one kind; a server that has more is not believed. */
  readonly most?: number | undefined;
  readonly clock: Clock;
  /** Whose fields are to be ours, for the prints. */
  readonly isOverridden: IsOverridden;
  readonly log: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** What one watch brings: a kind, in one namespace where there is a scope. */
interface Place {
  readonly key: string;
  readonly resource: Resource;
  readonly namespace: string | undefined;
}

interface WatchedKind {
  readonly store: Store<LiveObject, 'owner'>;
  readonly watch: WatchHandle;
  readonly resource: Resource;
  readonly users: Set<string>;
  /** False where the server does not let us watch. */
  readonly known: Promise<boolean>;
  isKnown: boolean;
}

/** A kind that we may not watch costs the server one request in this time, however many need it. */
const REFUSED_FOR_MS = 60_000;

/**
 * What a cluster holds of the objects that carry our owner label, one watch a kind (in a scope: and namespace), shared
 * by all StageSets and dropped with its last user. Only prints and readiness are kept; kinds whose status says nothing of readiness are
 * watched without their bodies.
 */
export class LiveObjects {
  readonly isOverridden: IsOverridden;
  readonly most: number | undefined;
  readonly #options: LiveObjectsOptions;
  readonly #scope: WatchScope;
  readonly #doneJobs: DoneJobs;
  readonly #kinds = new Map<string, WatchedKind>();
  readonly #refusedUntilMs = new Map<string, number>();
  readonly #listeners = new Set<LiveListener>();
  readonly #subscribers = new Map<ObjectId, Set<(id: ObjectId) => void>>();

  constructor(options: LiveObjectsOptions) {
    this.isOverridden = options.isOverridden;
    this.most = options.most;
    this.#options = options;
    this.#scope = options.scope ?? everywhere;
    this.#doneJobs = new DoneJobs(options.clock);
  }

  /**
   * Watches exactly these kinds for this user from now on. Undefined when all is known; else resolves when it is, with
   * those that the server does not let us watch.
   */
  need(user: string, kinds: readonly WantedKind[]): Promise<readonly Resource[]> | undefined {
    const places = kinds.flatMap((kind) => this.#placesOf(kind));
    const refused = places.filter(({ key }) => this.#isRefused(key)).map(({ resource }) => resource);
    const wanted = new Map(places.filter(({ key }) => !this.#isRefused(key)).map((place) => [place.key, place]));
    for (const place of wanted.values()) {
      const watched = this.#kinds.get(place.key) ?? this.#begin(place);
      watched.users.add(user);
    }
    for (const [key, watched] of this.#kinds) {
      if (watched.users.has(user) && !wanted.has(key)) this.#leave(user, key, watched);
    }
    const unknown = [...wanted.keys()].flatMap((kind) => this.#kinds.get(kind) ?? []).filter((kind) => !kind.isKnown);
    if (unknown.length === 0 && refused.length === 0) return undefined;
    const answers = unknown.map(async ({ known, resource }) => ((await known) ? [] : [resource]));
    return Promise.all(answers).then((found) => [...refused, ...found.flat()]);
  }

  /** This user is gone. */
  forget(user: string): void {
    for (const [key, watched] of this.#kinds) {
      if (watched.users.has(user)) this.#leave(user, key, watched);
    }
  }

  get(id: ObjectId): LiveObject | undefined {
    const parts = parseObjectId(id);
    if (parts === undefined) return undefined;
    const key = parts.namespace === '' ? parts.name : `${parts.namespace}/${parts.name}`;
    return this.#kinds.get(this.#keyOf(parts, parts.namespace))?.store.get(key);
  }

  /** The same; a Job that has finished and whose time to live is over stands for good. */
  standing(id: ObjectId): LiveObject | undefined {
    return this.get(id) ?? this.#doneJobs.get(id);
  }

  /** Of the kinds that this user needs. */
  ownedBy(owner: OwnerLabels, user: string): readonly LiveObject[] {
    const needed = [...this.#kinds.values()].filter(({ users }) => users.has(user));
    return needed.flatMap(({ store }) => store.byIndex('owner', ownerKey(owner)));
  }

  /** What the server answered to our own apply: known now, though the watch may tell it later. */
  observe(resource: Resource, meta: ObjectMeta): void {
    const watched = this.#kinds.get(this.#keyOf(resource, meta.namespace ?? ''));
    if (watched === undefined || !isLabelled(meta)) return;
    const before = watched.store.get(meta.namespace ? `${meta.namespace}/${meta.name}` : meta.name);
    if (before?.metadata.resourceVersion === meta.resourceVersion) return;
    const asApplied = (readiness: Readiness) => toLiveObject(resource, meta, readiness, this.isOverridden);
    if (isStatusFree(resource)) watched.store.put(asApplied(current));
    else watched.store.putPartial(asApplied(inProgress('its status after the apply is not known yet')));
  }

  /** Any change to any object. */
  onChange(listener: LiveListener): void {
    this.#listeners.add(listener);
  }

  /** A change to one of these; returns how to stop. */
  subscribe(ids: readonly ObjectId[], listener: (id: ObjectId) => void): () => void {
    for (const id of ids) {
      const known = this.#subscribers.get(id);
      if (known === undefined) this.#subscribers.set(id, new Set([listener]));
      else known.add(listener);
    }
    return () => {
      for (const id of ids) {
        const known = this.#subscribers.get(id);
        known?.delete(listener);
        if (known?.size === 0) this.#subscribers.delete(id);
      }
    };
  }

  /** Watched kinds and the objects known of each, for metrics. */
  stats(): ReadonlyMap<string, number> {
    return new Map([...this.#kinds].map(([kind, { store }]) => [kind, store.size]));
  }

  stop(): void {
    for (const { watch } of this.#kinds.values()) watch.stop();
    this.#kinds.clear();
  }

  #placesOf({ resource, namespaces }: WantedKind): readonly Place[] {
    if (this.#scope.length === 0) return [{ key: this.#keyOf(resource, ''), resource, namespace: undefined }];
    return [...namespaces].map((namespace) => ({ key: this.#keyOf(resource, namespace), resource, namespace }));
  }

  #keyOf(kind: { readonly group: string; readonly kind: string }, namespace: string): string {
    return this.#scope.length === 0 ? kindOf(kind) : `${kindOf(kind)} ${namespace}`;
  }

  #begin({ key, resource, namespace }: Place): WatchedKind {
    const kind = kindOf(resource);
    const store = new Store<LiveObject, 'owner'>({ owner: ({ owner }) => [ownerKey(owner)] });
    const { client, as, clock, log } = this.#options;
    store.onChange((_key, now, before) => this.#tell(now, before));
    const refused = Promise.withResolvers<false>();
    const watch = watchKind({
      client,
      ...(as !== undefined && { as }),
      clock,
      resource,
      ...(namespace !== undefined && { namespace }),
      labelSelector: keys.ownerName,
      form: formOf(resource),
      keep: (object: WatchedObject) => {
        if (store.size >= (this.most ?? Number.POSITIVE_INFINITY)) throw new Error(`more than ${this.most} objects`);
        return this.read(resource, object);
      },
      most: this.most,
      sink: store,
      onRefused: (error) => {
        watch.stop();
        if (this.#kinds.get(key) === watched) this.#kinds.delete(key);
        refused.resolve(false);
        if (error.status === 404) return; // it may be served any moment
        this.#refusedUntilMs.set(key, clock.elapsedMs() + REFUSED_FOR_MS);
        log('a kind may not be watched: its objects are listed instead', { kind, error: error.message });
      },
      log: (message, fields) => log(message, { kind, ...fields }),
    });
    const known = Promise.race([watch.synced.then(() => true), refused.promise]);
    const watched: WatchedKind = { resource, store, watch, users: new Set(), known, isKnown: false };
    void known.then((mayWatch) => {
      watched.isKnown = mayWatch;
    });
    this.#kinds.set(key, watched);
    return watched;
  }

  /** What is kept of an object, whoever brought it, in the form that its kind is asked for. */
  read(resource: Resource, object: WatchedObject): LiveObject {
    const live = toLiveObject(resource, object.metadata, this.#readiness(resource, object), this.isOverridden);
    const endsAtMs = endOfLifeMs(resource, object as KubeObject);
    // Deleted because its time is over: until then it is what it was.
    return endsAtMs === undefined ? live : { ...live, endsAtMs, readiness: current, deleting: false };
  }

  #readiness(resource: Resource, object: WatchedObject): Readiness {
    if (!isStatusFree(resource)) return readinessOf(object as KubeObject, this.#options.clock.wallMs());
    return object.metadata.deletionTimestamp === undefined
      ? current
      : { is: 'terminating', message: 'is being deleted' };
  }

  #isRefused(key: string): boolean {
    const untilMs = this.#refusedUntilMs.get(key);
    if (untilMs === undefined || untilMs > this.#options.clock.elapsedMs()) return untilMs !== undefined;
    this.#refusedUntilMs.delete(key);
    return false;
  }

  #leave(user: string, key: string, watched: WatchedKind): void {
    watched.users.delete(user);
    if (watched.users.size > 0) return;
    watched.watch.stop();
    this.#kinds.delete(key);
  }

  #tell(now: LiveObject | undefined, before: LiveObject | undefined): void {
    const id = now?.id ?? before?.id;
    if (id === undefined) return;
    if (now === undefined) this.#doneJobs.went(before);
    else this.#doneJobs.forget(id);
    for (const listener of this.#listeners) listener(id, now, before);
    for (const listener of [...(this.#subscribers.get(id) ?? [])]) listener(id);
  }
}

/** Whether watches bring it: what an action applies is nobody's. */
export function isLabelled({ labels }: ObjectMeta): boolean {
  return labels?.[keys.ownerName] !== undefined;
}

/** How objects of this kind are asked for: metadata, where that is all there is to know of them. */
export function formOf(resource: Resource): WatchedForm {
  return isStatusFree(resource) ? 'metadata' : 'full';
}

export function kindOf({ group, kind }: { readonly group: string; readonly kind: string }): string {
  return `${group}/${kind}`;
}

function ownerKey({ namespace, name }: OwnerLabels): string {
  return `${namespace}/${name}`;
}
