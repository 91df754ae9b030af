import type { HealthExprs } from '../../shared/kstatus/by-exprs.ts';
import { isStatusFree } from '../../shared/kstatus/status-free.ts';
import { groupOf, versionOf } from '../../shared/objects/object.ts';
import type { Clock } from '../../shared/time/clock.ts';
import type { Discovery } from '../kube/discovery.ts';
import { isNotFound } from '../kube/errors.ts';
import { getMetadata, getObject } from '../kube/requests.ts';
import type { ClusterClient, Resource, WatchedForm, WatchedObject } from '../kube/types.ts';
import { isInScope, type WatchScope } from '../kube/watch-scope.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { ObjectWatches, Watcher } from './object-watches.ts';

/** Objects of one kind in one namespace, that one watch brings. */
export interface AwaitedGroup {
  readonly apiVersion: string;
  readonly kind: string;
  /** Empty, or without meaning, for a cluster-scoped kind. */
  readonly namespace: string;
  readonly names: readonly string[];
  /** Brings them all; without one the group is a single object. */
  readonly labelSelector?: string;
  /** In place of kstatus. */
  readonly exprs?: HealthExprs;
}

/** Who asks, of which cluster. */
export interface Asking {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly as: string | undefined;
  /** Outside it nothing is watched. */
  readonly scope: WatchScope;
  readonly clock: Clock;
  readonly watches: ObjectWatches;
}

/** What becomes known of an object. */
export interface Sightings {
  /** Its metadata alone, where no more is needed to judge it. */
  seen(name: string, object: WatchedObject): void;
  absent(name: string): void;
  /** Nobody knows, for this reason. */
  unknown(name: string, why: string): void;
}

/** Where it may not watch, it may still ask. */
const SLOWEST_LOOK_MS = 30_000;

/** Tells of the group until the signal aborts: by a watch, or where there can be none by looking at a growing pace. */
export async function followGroup(
  group: AwaitedGroup,
  asking: Asking,
  sightings: Sightings,
  signal: AbortSignal,
): Promise<void> {
  let mayWatch = true;
  for (let looks = 1; !signal.aborted; looks += 1) {
    const resource = await servedKind(group, asking, sightings);
    const place = resource?.namespaced === false ? '' : group.namespace;
    if (resource !== undefined && mayWatch && isInScope(asking.scope, place)) {
      await watchUntilRefused(group, resource, asking, sightings, signal);
      mayWatch = false;
    }
    if (resource !== undefined && !signal.aborted) await look(group, resource, asking, sightings);
    await asking.clock.sleep(backoffMs(looks, SLOWEST_LOOK_MS), signal).catch(() => {});
  }
}

async function servedKind(
  { apiVersion, kind, names }: AwaitedGroup,
  { discovery }: Asking,
  sightings: Sightings,
): Promise<Resource | undefined> {
  try {
    const found = await discovery.lookUp({ group: groupOf(apiVersion), version: versionOf(apiVersion), kind });
    if (found === undefined) {
      for (const name of names) sightings.unknown(name, `the cluster has no kind ${kind} in ${apiVersion}`);
    }
    return found;
  } catch (error) {
    for (const name of names) sightings.unknown(name, textOf(error));
    return undefined;
  }
}

/** Of a Secret nothing is read but that it is there. */
function formOf({ exprs }: AwaitedGroup, resource: Resource): WatchedForm {
  return exprs === undefined && isStatusFree(resource) ? 'metadata' : 'full';
}

function watchUntilRefused(
  group: AwaitedGroup,
  resource: Resource,
  asking: Asking,
  sightings: Sightings,
  signal: AbortSignal,
): Promise<void> {
  const { namespace, names, labelSelector } = group;
  const { watches, as } = asking;
  const watching = {
    resource,
    ...(resource.namespaced && { namespace }),
    ...(labelSelector === undefined ? { fieldSelector: `metadata.name=${names[0]}` } : { labelSelector }),
    form: formOf(group, resource),
    ...(as !== undefined && { as }),
  };
  return new Promise((resolve) => {
    const awaited = new Set(names);
    const told = new Set<string>();
    const watcher: Watcher = {
      seen: (object) => {
        const { name } = object.metadata;
        if (!awaited.has(name)) return;
        told.add(name);
        sightings.seen(name, object);
      },
      gone: (name) => {
        if (!awaited.has(name)) return;
        told.add(name);
        sightings.absent(name);
      },
      all: (objects) => {
        const there = new Set(objects.map(({ metadata }) => metadata.name));
        for (const name of names) if (!there.has(name)) watcher.gone(name);
        for (const object of objects) watcher.seen(object);
      },
      refused: () => end(),
    };
    let joined = watches.join(watching, watcher);
    const end = () => {
      joined.leave();
      signal.removeEventListener('abort', end);
      resolve();
    };
    signal.addEventListener('abort', end);
    if (signal.aborted) end();
    else if (joined.late) {
      const isOver = (name: string) => told.has(name) || signal.aborted; // what the watch tells meanwhile is newer
      lookOnce(group, resource, asking, unless(isOver, sightings)).catch(() => {
        if (names.every(isOver)) return;
        joined.leave();
        joined = watches.join(watching, watcher, { apart: true });
      });
    }
  });
}

function unless(isOver: (name: string) => boolean, { seen, absent }: Sightings): Pick<Sightings, 'seen' | 'absent'> {
  return {
    seen: (name, object) => isOver(name) || seen(name, object),
    absent: (name) => isOver(name) || absent(name),
  };
}

/** Rejects where it cannot be had. */
async function lookOnce(
  group: AwaitedGroup,
  resource: Resource,
  { client, as }: Asking,
  { seen, absent }: Pick<Sightings, 'seen' | 'absent'>,
): Promise<void> {
  const namespace = resource.namespaced ? group.namespace : undefined;
  const get = formOf(group, resource) === 'metadata' ? getMetadata : getObject;
  for (const name of group.names) {
    try {
      seen(name, await get(client, { resource, name, namespace, ...(as !== undefined && { as }) }));
    } catch (error) {
      if (!isNotFound(error)) throw error; // a Forbidden names verb, resource and account
      absent(name);
    }
  }
}

async function look(group: AwaitedGroup, resource: Resource, asking: Asking, sightings: Sightings): Promise<void> {
  for (const name of group.names) {
    try {
      await lookOnce({ ...group, names: [name] }, resource, asking, sightings);
    } catch (error) {
      sightings.unknown(name, textOf(error));
    }
  }
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
