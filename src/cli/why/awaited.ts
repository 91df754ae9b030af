import { whatToAwait } from '../../main/apply/what-to-await.ts';
import type { HealthExpr, StageSet } from '../../shared/api/types.ts';
import type { Readiness } from '../../shared/kstatus/readiness.ts';
import { isStatusFree } from '../../shared/kstatus/status-free.ts';
import { groupOf } from '../../shared/objects/object.ts';
import { formatObjectId, type ObjectId, parseObjectId } from '../../shared/objects/object-id.ts';
import { isTrouble, type OwnedObject } from '../owned/owned-object.ts';
import { ownedObjects } from '../owned/owned-objects.ts';
import type { Reader } from '../owned/reader.ts';
import { type RecordedObject, recordedObjects } from '../owned/recorded-objects.ts';

/** What the readiness of one stage, or of all, hangs on by the controller's own rule, and is not as it should be. */
export async function awaitedInTrouble(
  set: StageSet,
  wanted: string | undefined,
  reader: Reader,
  nowMs: number,
): Promise<readonly OwnedObject[]> {
  const { namespace = '', name } = set.metadata;
  const recorded = (await recordedObjects(set, reader)) ?? new Map<string, readonly RecordedObject[]>();
  const awaited = new Map<ObjectId, RecordedObject>();
  const exprs = new Map<ObjectId, Exprs>();
  for (const stage of set.spec.stages) {
    if ((wanted !== undefined && stage.name !== wanted) || stage.readyChecks?.disableWait === true) continue;
    const own = recorded.get(stage.name) ?? [];
    const { discovery } = reader;
    const { ids, apart } = await whatToAwait({ stage, applied: own, owner: { namespace, name }, namespace, discovery });
    const isAwaited = new Set(ids);
    for (const object of own) if (isAwaited.has(object.id)) awaited.set(object.id, object);
    for (const { apiVersion, kind, namespace: place, names, exprs: ofKind } of apart) {
      for (const each of names) {
        const id = formatObjectId({ namespace: place, name: each, group: groupOf(apiVersion), kind });
        awaited.set(id, { id, apiVersion });
        if (ofKind !== undefined) exprs.set(id, ofKind);
      }
    }
  }
  const look = { owner: { namespace, name }, reader, nowMs, descend: true };
  const objects = await ownedObjects([...awaited.values()], look);
  const judged = await Promise.all(objects.map((object) => judgedBy(exprs.get(object.id), object)));
  return judged.filter((object) => isTrouble(object.standing) && !isSpentJob(object));
}

type Exprs = Pick<HealthExpr, 'current' | 'inProgress' | 'failed'>;

async function judgedBy(exprs: Exprs | undefined, owned: OwnedObject): Promise<OwnedObject> {
  const { object } = owned;
  if (exprs === undefined || object === undefined) return owned;
  // Of these only the metadata was read.
  if (isStatusFree({ group: groupOf(object.apiVersion), kind: object.kind })) return owned;
  const { readinessByExprs } = await import('../../shared/kstatus/by-exprs.ts');
  const standing: Readiness = readinessByExprs(object, exprs);
  return { ...owned, standing };
}

/** A Job may have gone by itself, with what it has done. */
function isSpentJob({ id, standing }: OwnedObject): boolean {
  return standing.is === 'missing' && parseObjectId(id)?.kind === 'Job';
}
