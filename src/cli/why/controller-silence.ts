import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { age } from '../output/age.ts';
import { titleOf } from './about-set.ts';
import { type Answer, type Command, sentences } from './answer.ts';
import { describeSet } from './commands.ts';
import type { ControllerState, Evidence } from './evidence.ts';

/** What was asked for last has not been looked at: is there anybody to do so? */
export async function explainSilence(set: StageSet, evidence: Evidence): Promise<Answer> {
  const controller = await evidence.controller();
  return {
    text: sentences(
      `${titleOf(set)} waits for a controller: ${whatIsNew(set)}`,
      whoThereIs(controller, evidence.nowMs),
    ),
    next: controller.is === 'unread' ? describeSet(set) : findController(controller),
  };
}

/** For explanations of what a controller is at, or will come back to; undefined where none is known to be missing. */
export async function controllerRemark(evidence: Evidence): Promise<string | undefined> {
  const controller = await evidence.controller();
  return controller.is === 'silent' ? silenceOf(controller, evidence.nowMs) : undefined;
}

type Silent = Extract<ControllerState, { readonly is: 'silent' }>;

export function silenceOf({ holder, namespace, sinceMs }: Silent, nowMs: number): string {
  return `No controller is running: ${holder}, in namespace ${namespace}, gave its last sign of life ${age(nowMs - sinceMs)} ago`;
}

function whoThereIs(controller: ControllerState, nowMs: number): string {
  switch (controller.is) {
    case 'running':
      return `One is running in namespace ${controller.namespace}, so it comes to it in a moment, unless it does not watch this namespace (--watch-namespaces)`;
    case 'silent':
      return silenceOf(controller, nowMs);
    case 'absent':
      // One that runs without leader election holds none.
      return 'Nobody holds the Lease of one, so that most likely none is running';
    case 'unread':
      return 'Whether one is running cannot be told: you may not list Leases';
    default:
      return controller satisfies never;
  }
}

export function findController(controller: ControllerState): Command {
  return 'namespace' in controller
    ? ['kubectl', 'get', 'pods', '-n', controller.namespace]
    : ['kubectl', 'get', 'pods', '-A', '-l', 'app.kubernetes.io/name=stageset-controller'];
}

function whatIsNew({ metadata, status }: StageSet): string {
  const { generation, annotations } = metadata;
  if (status?.observedGeneration === undefined) return 'none has looked at it yet';
  if (status.observedGeneration !== generation) {
    return `its spec was changed (generation ${generation}), and what was seen last is generation ${status.observedGeneration}`;
  }
  return `a run was asked for (token ${annotations?.[keys.requestedAt]}), and none has ended since`;
}
