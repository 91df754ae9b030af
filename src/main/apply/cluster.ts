import type { InventoryTarget, StageSet } from '../../shared/api/types.ts';
import { versionOf } from '../../shared/objects/object.ts';
import { describeObjectId, type ObjectId, type ObjectIdParts, parseObjectId } from '../../shared/objects/object-id.ts';
import type { Discovery } from '../kube/discovery.ts';
import type { Target as Place, WriteManner } from '../kube/requests.ts';
import type { ClusterClient, Lease, Resource } from '../kube/types.ts';
import type { WatchScope } from '../kube/watch-scope.ts';
import type { LiveObjects } from '../live/live-objects.ts';
import type { LiveView } from '../live/live-view.ts';
import type { ObjectWatches } from '../live/object-watches.ts';

/** A cluster, with the watches that all who apply to it share. */
export interface Connection {
  readonly client: ClusterClient;
  readonly discovery: Discovery;
  readonly live: LiveObjects;
  /** Of single objects that are waited for. */
  readonly watches: ObjectWatches;
  /** Where it may be watched. */
  readonly scope: WatchScope;
  /** Which it is, as inventories record it. */
  readonly name: () => Promise<string>;
}

/** A cluster that stages are applied to, as much of it as their identity may see. */
export interface Cluster extends Omit<Connection, 'live'> {
  readonly live: LiveView;
}

/** Where and as whom: chosen by the spec, the same for an object's apply, its prune and its teardown. */
export interface Target {
  readonly cluster: Cluster;
  /** User to impersonate; undefined: the controller itself. */
  readonly as: string | undefined;
  readonly lease: Lease;
  /** The same, as inventories record it. */
  readonly recordedAs: InventoryTarget;
}

/** As much of a target as it takes to ask about an object, or to write it. */
export interface Reach extends Pick<Target, 'as' | 'lease'> {
  readonly cluster: Pick<Cluster, 'client' | 'discovery'> & { readonly live: Pick<LiveView, 'isOverridden'> };
}

/** The user that stands for the StageSet's account; undefined where it names none. */
export function accountOf({ metadata, spec }: StageSet): string | undefined {
  const { serviceAccountName } = spec;
  if (serviceAccountName === undefined) return undefined;
  return `system:serviceaccount:${metadata.namespace ?? ''}:${serviceAccountName}`;
}

/** What is needed to address an object: who it is, and the API version it was written in. */
export interface Versioned {
  readonly id: ObjectId;
  readonly apiVersion: string;
}

/** Undefined where the kind is not installed. */
export async function placeOf(cluster: Reach['cluster'], { id, apiVersion }: Versioned): Promise<Place | undefined> {
  const parts = parseObjectId(id);
  if (parts === undefined) return undefined;
  const { group, kind } = parts;
  return placeIn(await cluster.discovery.lookUp({ group, kind, version: versionOf(apiVersion) }), parts);
}

/** The same, where any version will do: an object outlives the version that it was written in. */
export async function placeInAnyVersion(cluster: Reach['cluster'], object: Versioned): Promise<Place | undefined> {
  const parts = parseObjectId(object.id);
  if (parts === undefined) return undefined;
  const { group, kind } = parts;
  const { discovery } = cluster;
  const written = discovery.find({ group, kind, version: versionOf(object.apiVersion) });
  return placeIn(written ?? (await discovery.lookUp({ group, kind })), parts);
}

function placeIn(resource: Resource | undefined, { namespace, name }: ObjectIdParts): Place | undefined {
  if (resource === undefined) return undefined;
  return { resource, namespace: resource.namespaced ? namespace : undefined, name };
}

export function mannerOf(target: Pick<Reach, 'as' | 'lease'>): WriteManner {
  return { lease: target.lease, ...(target.as === undefined ? {} : { as: target.as }) };
}

export function notInstalled(object: Versioned): string {
  const kind = parseObjectId(object.id)?.kind ?? 'object';
  return `${describeObjectId(object.id)}: the cluster has no kind ${kind} in ${object.apiVersion}: install its CRD first`;
}
