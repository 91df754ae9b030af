import type { Resource } from '../../main/kube/types.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { groupOf, type KubeObject } from '../../shared/objects/object.ts';
import { formatObjectId, type ObjectId } from '../../shared/objects/object-id.ts';

/** As the core API has them, whichever one they were written through: only this one selects by UID. */
export const eventResource: Resource = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  verbs: ['list', 'watch'],
};

export interface EventObject extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly count?: number;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly count?: number; readonly lastObservedTime?: string } | null;
  readonly involvedObject?: {
    readonly apiVersion?: string;
    readonly kind?: string;
    readonly namespace?: string;
    readonly name?: string;
    readonly uid?: string;
  };
}

export function lastSeenMs({ series, lastTimestamp, eventTime, metadata }: EventObject): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}

export function timesSeen({ series, count }: EventObject): number {
  return series?.count ?? count ?? 1;
}

/** Who the event is about. */
export function subjectOf({ involvedObject = {} }: EventObject): ObjectId {
  const { apiVersion = '', kind = '', namespace = '', name = '' } = involvedObject;
  return formatObjectId({ namespace, name, group: groupOf(apiVersion), kind });
}

/** Not about a StageSet of the same name that was there before. */
export function isAbout(event: EventObject, family: ReadonlySet<ObjectId>, { metadata }: StageSet): boolean {
  const { kind, uid } = event.involvedObject ?? {};
  return family.has(subjectOf(event)) && (kind !== 'StageSet' || uid === metadata.uid);
}
