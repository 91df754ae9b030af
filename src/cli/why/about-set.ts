import type { Condition, StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';

/** `StageSet shop/web`. */
export function titleOf({ metadata }: Pick<StageSet, 'metadata'>): string {
  return `StageSet ${metadata.namespace}/${metadata.name}`;
}

export function conditionOf({ status }: StageSet, type: 'Ready' | 'Reconciling'): Condition | undefined {
  return status?.conditions?.find((condition) => condition.type === type);
}

/** Whether the newest spec, or the newest request, has not been through a run. */
export function isUnseen({ metadata, spec, status }: StageSet): boolean {
  if (status?.observedGeneration !== metadata.generation) return true;
  const asked = metadata.annotations?.[keys.requestedAt];
  return asked !== undefined && asked !== status?.lastHandledReconcileAt && spec.suspend !== true;
}
