import type { Resource } from '../../main/kube/types.ts';
import type { KubeObject } from '../../shared/objects/object.ts';
import type { Reader } from '../owned/reader.ts';

/** As the core API has them, whichever one they were written through: only this one selects by UID. */
const eventResource: Resource = {
  group: '',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  namespaced: true,
  verbs: ['list'],
};

interface EventObject extends KubeObject {
  readonly type?: string;
  readonly reason?: string;
  readonly message?: string;
  readonly lastTimestamp?: string | null;
  readonly eventTime?: string | null;
  readonly series?: { readonly lastObservedTime?: string } | null;
}

export interface Told {
  readonly reason: string;
  readonly message: string;
  readonly atMs: number;
}

/** The newest event about this object: a warning, unless `any` will do. */
export async function lastWarning(
  object: KubeObject,
  reader: Reader,
  wanted: 'warning' | 'any' = 'warning',
): Promise<Told | undefined> {
  const { uid, namespace = 'default' } = object.metadata;
  if (uid === undefined) return undefined;
  const fieldSelector = `involvedObject.uid=${uid}`;
  const events = (await reader.list<EventObject>({ resource: eventResource, namespace, fieldSelector })) ?? [];
  const [newest] = events
    .filter(({ type, message }) => (wanted === 'any' || type === 'Warning') && message !== undefined)
    .toSorted((a, b) => timeOf(b) - timeOf(a));
  return newest && { reason: newest.reason ?? '', message: newest.message ?? '', atMs: timeOf(newest) };
}

function timeOf({ series, lastTimestamp, eventTime, metadata }: EventObject): number {
  return Date.parse(series?.lastObservedTime ?? lastTimestamp ?? eventTime ?? metadata.creationTimestamp ?? '') || 0;
}
