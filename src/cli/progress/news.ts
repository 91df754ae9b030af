import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import { conditionOf, isWaiting } from '../summary.ts';

/** What has moved since `before`, a line for each thing; undefined: nothing was known. */
export function newsSince(before: StageSet | undefined, now: StageSet): readonly string[] {
  const known = new Map(before?.status?.stages?.map((stage) => [stage.name, doingOf(stage)]));
  const stages = (now.status?.stages ?? [])
    .filter((stage) => known.get(stage.name) !== doingOf(stage))
    .map((stage) => `stage ${stage.name}: ${doingOf(stage)}`);
  const waits = waitsFor(now);
  const waited = before && waitsFor(before);
  return waits === undefined || waits === waited ? stages : [...stages, waits];
}

/** `Verifying, waiting for Deployment shop/web (Replicas: 0/3)`. */
function doingOf({ phase = 'Pending', message }: StageStatus): string {
  const isOver = phase === 'Ready' || phase === 'Pending';
  return isOver || !message ? phase : `${phase}, ${message}`;
}

/** What the StageSet as a whole waits for, before any stage can begin. */
export function waitsFor({ status }: StageSet): string | undefined {
  const ready = conditionOf(status, 'Ready');
  if (ready?.status !== 'False' || !isWaiting(ready.reason)) return undefined;
  return `${ready.reason}: ${ready.message}`;
}
