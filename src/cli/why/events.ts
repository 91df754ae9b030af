import type { KubeObject } from '../../shared/objects/object.ts';
import { type EventObject, eventResource, lastSeenMs } from '../events/event.ts';
import type { Reader } from '../owned/reader.ts';

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
    .toSorted((a, b) => lastSeenMs(b) - lastSeenMs(a));
  return newest && { reason: newest.reason ?? '', message: newest.message ?? '', atMs: lastSeenMs(newest) };
}
