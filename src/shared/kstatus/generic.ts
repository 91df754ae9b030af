import type { KubeObject } from '../objects/object.ts';
import { conditionsOf, strictCountAt, strictTextAt } from './fields.ts';
import { current, failed, inProgress, type Readiness } from './readiness.ts';

// What holds for every kind. Each rule decides, or leaves it to the next one.

export function deletionRule(object: KubeObject): Readiness | undefined {
  const deletedAt = strictTextAt(object, 'metadata', 'deletionTimestamp') ?? '';
  return deletedAt === '' ? undefined : { is: 'terminating', message: 'Resource scheduled for deletion' };
}

/** A status about another generation says nothing about this one, not even when it is about a later one. */
export function generationRule(object: KubeObject): Readiness | undefined {
  const generation = strictCountAt(object, 'metadata', 'generation');
  if (generation === undefined) return undefined;
  const observed = strictCountAt(object, 'status', 'observedGeneration');
  if (observed === undefined || observed === generation) return undefined;
  return inProgress(`${object.kind} generation is ${generation}, but latest observed generation is ${observed}`);
}

/** Of `Reconciling` and `Stalled` the first in the list that is true. */
export function abnormalConditionRule(object: KubeObject): Readiness | undefined {
  const abnormal = conditionsOf(object).find(
    ({ type, status }) => (type === 'Reconciling' || type === 'Stalled') && status === 'True',
  );
  if (abnormal === undefined) return undefined;
  return abnormal.type === 'Stalled' ? failed(abnormal.message) : inProgress(abnormal.message);
}

/** Not ready is never failed: whether there is progress, the condition does not tell. */
export function readyConditionRule(object: KubeObject): Readiness | undefined {
  const ready = conditionsOf(object).find(
    ({ type, status }) => type === 'Ready' && ['True', 'False', 'Unknown'].includes(status),
  );
  if (ready === undefined) return undefined;
  return ready.status === 'True' ? current : inProgress(ready.message);
}
