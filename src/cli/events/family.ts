import type { StageSet } from '../../shared/api/types.ts';
import { type ObjectId, objectIdOf, parseObjectId } from '../../shared/objects/object-id.ts';
import type { OwnedObject } from '../owned/owned-object.ts';
import { ownedObjects } from '../owned/owned-objects.ts';
import type { Reader } from '../owned/reader.ts';
import { recordedObjects } from '../owned/recorded-objects.ts';

/** A StageSet, what it has put up here, and what hangs below that, down to pods. */
export type Family = ReadonlySet<ObjectId>;

export async function familyOf(set: StageSet, reader: Reader): Promise<Family> {
  const own = objectIdOf({ ...set });
  if (set.spec.kubeConfig !== undefined) {
    reader.note('its objects are on another cluster: their events are there');
    return new Set([own]);
  }
  const { namespace = '', name } = set.metadata;
  const recorded = [...((await recordedObjects(set, reader)) ?? []).values()].flat();
  const look = { owner: { namespace, name }, reader, nowMs: Date.now(), descend: true };
  return new Set([own, ...(await ownedObjects(recorded, look)).flatMap(idsIn)]);
}

function idsIn({ id, children }: OwnedObject): readonly ObjectId[] {
  return [id, ...children.flatMap(idsIn)];
}

/** Where events about them are: of what has no namespace, in `default`. */
export function namespacesOf(family: Family): readonly string[] {
  return [...new Set([...family].map((id) => parseObjectId(id)?.namespace || 'default'))];
}
