import { conditionsOf, countAt, fieldAt, isFields, textAt } from '../../../shared/kstatus/fields.ts';
import type { KubeObject } from '../../../shared/objects/object.ts';
import type { Target } from '../../apply/cluster.ts';
import { podsOf } from '../../apply/why-stuck.ts';
import { isForbidden } from '../../kube/errors.ts';

export type Standing =
  | 'succeeded'
  | 'failed'
  /** Perhaps half done: it is let finish. */
  | 'started'
  /** No pod of it has run anything. */
  | 'waiting'
  | 'going';

/** How far a Job on the cluster is. */
export async function standingOf(target: Target, job: KubeObject): Promise<Standing> {
  const end = endOf(job);
  if (end !== undefined) return end;
  if (job.metadata.deletionTimestamp !== undefined) return 'going';
  return (await hasStarted(target, job)) ? 'started' : 'waiting';
}

/** It stays so, whether or not it is being deleted. */
export function endOf(job: KubeObject): 'succeeded' | 'failed' | undefined {
  const end = conditionsOf(job).find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
  return end && (end.type === 'Complete' ? 'succeeded' : 'failed');
}

/**
 * The pods tell, for a Job's counts lag behind them. A pod that may not be seen may be at work: what a half-done migration
 * breaks is worse than a late one.
 */
async function hasStarted(target: Target, job: KubeObject): Promise<boolean> {
  if (['ready', 'succeeded', 'failed', 'terminating'].some((count) => countAt(job, `status.${count}`) > 0)) return true;
  try {
    return (await podsOf(target, job.metadata.namespace ?? '', job)).some(podHasStarted);
  } catch (error) {
    if (!isForbidden(error)) throw error;
    return countAt(job, 'status.active') > 0;
  }
}

export function podHasStarted(pod: KubeObject): boolean {
  const containers = ['initContainerStatuses', 'containerStatuses'].flatMap((list) => {
    const statuses = fieldAt(pod, `status.${list}`);
    return Array.isArray(statuses) ? statuses.filter(isFields) : [];
  });
  const states = ['state.running', 'state.terminated', 'lastState.terminated'];
  return (
    textAt(pod, 'status.phase') === 'Running' ||
    containers.some((container) => states.some((state) => isFields(fieldAt(container, state))))
  );
}
