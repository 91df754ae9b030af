import { fieldAt, isFields, textAt } from '../../shared/kstatus/fields.ts';
import type { KubeObject } from '../../shared/objects/object.ts';

type Fields = Readonly<Record<string, unknown>>;

/**
 * Why a pod does not run as it should, in the words of scheduler and kubelet; undefined where they see no problem.
 * Nothing that a container wrote, its termination message included: that may be anything.
 */
export function podProblem(pod: KubeObject): string | undefined {
  return ownProblem(pod) ?? schedulingProblem(pod) ?? containerProblem(pod);
}

/** The container that this is about, where it is about one. */
export interface TroubledContainer {
  readonly name: string;
  readonly problem: string;
  /** Its entry in the pod's status. */
  readonly status: Fields;
}

/** Evicted, preempted, its node lost. */
function ownProblem(pod: KubeObject): string | undefined {
  const reason = textAt(pod, 'status.reason');
  return reason === '' ? undefined : withDetail(reason, textAt(pod, 'status.message'));
}

function schedulingProblem(pod: KubeObject): string | undefined {
  const unscheduled = listAt(pod, 'status.conditions').find(
    ({ type, status }) => type === 'PodScheduled' && status === 'False',
  );
  return unscheduled && withDetail(textOf(unscheduled, 'reason'), textOf(unscheduled, 'message'));
}

function containerProblem(pod: KubeObject): string | undefined {
  const container = troubledContainer(pod);
  return container && `container ${container.name}: ${container.problem}`;
}

export function troubledContainer(pod: KubeObject): TroubledContainer | undefined {
  for (const status of [...listAt(pod, 'status.initContainerStatuses'), ...listAt(pod, 'status.containerStatuses')]) {
    const problem = problemOf(status);
    if (problem !== undefined) return { name: textOf(status, 'name'), problem, status };
  }
  return undefined;
}

/** A container that is only being made says so in these words. */
const onItsWay: ReadonlySet<string> = new Set(['', 'ContainerCreating', 'PodInitializing']);

function problemOf(container: Fields): string | undefined {
  const waiting = textOf(container, 'state.waiting.reason');
  const ended = endOf(container, 'state') ?? endOf(container, 'lastState');
  if (!onItsWay.has(waiting)) {
    const now = withDetail(waiting, textOf(container, 'state.waiting.message'));
    return ended === undefined ? now : `${now}, last end: ${ended}`;
  }
  if (container.ready === true || ended === undefined) return undefined;
  return `last end: ${ended}`;
}

/** Of one that did not end well. */
function endOf(container: Fields, state: 'state' | 'lastState'): string | undefined {
  const terminated = fieldAt(container, `${state}.terminated`);
  if (!isFields(terminated) || terminated.exitCode === 0) return undefined;
  return `${textOf(terminated, 'reason') || 'terminated'}, exit code ${Number(terminated.exitCode)}`;
}

const LONGEST_DETAIL = 200;

export function withDetail(reason: string, message: string): string {
  const detail = message.replaceAll(/\s+/g, ' ').trim();
  if (detail === '') return reason;
  return `${reason}: ${detail.length > LONGEST_DETAIL ? `${detail.slice(0, LONGEST_DETAIL)}…` : detail}`;
}

function listAt(object: KubeObject, path: string): readonly Fields[] {
  const found = fieldAt(object, path);
  return Array.isArray(found) ? found.filter(isFields) : [];
}

function textOf(from: Fields, path: string): string {
  const found = fieldAt(from, path);
  return typeof found === 'string' ? found : '';
}
