import type { KubeObject } from '../objects/object.ts';
import { conditionsOf, countAt, fieldAt, isFields, isTrue, textAt, typeOf, UnreadableField } from './fields.ts';
import { current, failed, inProgress, type Readiness } from './readiness.ts';

/** A pod that no node takes has this long, from its creation, before that counts as failed. */
const schedulingMs = 15_000;

/** A pod that ran to its end is current, however it ended. */
export function podRule(object: KubeObject, nowMs: number): Readiness {
  const phase = textAt(object, 'status.phase');
  switch (phase) {
    case 'Succeeded':
    case 'Failed':
      return current;
    case 'Running':
      return runningPod(object);
    case 'Pending':
      return pendingPod(object, nowMs);
    case '':
      return inProgress('Pod phase not available');
    default:
      throw new UnreadableField('status.phase', 'none that a pod has');
  }
}

function runningPod(object: KubeObject): Readiness {
  if (isTrue(conditionsOf(object), 'Ready')) return current;
  const looping = crashLooping(object);
  if (looping.length > 0) return failed(`Containers in CrashLoop state: ${looping.join(',')}`);
  return inProgress('Pod is running but is not Ready');
}

function pendingPod(object: KubeObject, nowMs: number): Readiness {
  const unscheduled = conditionsOf(object).find(({ type, status }) => type === 'PodScheduled' && status === 'False');
  if (unscheduled?.reason !== 'Unschedulable') return inProgress('Pod is in the Pending phase');
  const createdMs = Date.parse(textAt(object, 'metadata.creationTimestamp'));
  const givenUp = failed('Pod could not be scheduled');
  const fromMs = createdMs + schedulingMs;
  if (!(nowMs < fromMs)) return givenUp; // nor is one waited for that has no such time
  return { is: 'inProgress', message: 'Pod has not been scheduled', later: { fromMs, readiness: givenUp } };
}

/** Init containers do not count. */
function crashLooping(object: KubeObject): readonly string[] {
  const containers = fieldAt(object, 'status.containerStatuses');
  if (containers === undefined) return [];
  if (!Array.isArray(containers)) throw new UnreadableField('status.containerStatuses', typeOf(containers));
  return containers.flatMap((container: unknown) => {
    if (!isFields(container) || typeof container.name !== 'string') return [];
    return fieldAt(container, 'state.waiting.reason') === 'CrashLoopBackOff' ? [container.name] : [];
  });
}

/** A job is current once it is complete. (kstatus has a running one current; Flux, and we, do not.) */
export function jobRule(object: KubeObject): Readiness {
  const succeeded = countAt(object, 'status.succeeded');
  const failures = countAt(object, 'status.failed');
  const completions = countAt(object, 'spec.completions', countAt(object, 'spec.parallelism', 1));
  const end = conditionsOf(object).find(
    ({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True',
  );
  if (end?.type === 'Complete') return current;
  if (end?.type === 'Failed') return failed(`Job Failed. failed: ${failures}/${completions}`);
  if (textAt(object, 'status.startTime') === '') return inProgress('Job not started');
  const active = countAt(object, 'status.active');
  return inProgress(`Job in progress. success:${succeeded}, active: ${active}, failed: ${failures}`);
}
