import { actionsOf } from '../../main/source/pin-sources.ts';
import type { Action, StageSet } from '../../shared/api/types.ts';
import type { Answer, Command } from './answer.ts';
import { describeSet, inNamespace } from './commands.ts';
import { type Evidence, withOthers } from './evidence.ts';

export interface ActionAtWork {
  readonly stage: string;
  /** `pre action "warm-up"`, `migration "to-2": action "dump"`. */
  readonly doing: string;
  readonly action: string;
}

/** Where an action that is under way, or has failed, is looked into. */
export async function explainAction(
  set: StageSet,
  { stage, doing, action: name }: ActionAtWork,
  evidence: Evidence,
): Promise<Answer> {
  const action = actionsOf(set).find((each) => each.name === name);
  const trouble = action?.job === undefined ? undefined : await evidence.jobTrouble(name);
  if (trouble !== undefined) {
    return { text: `stage "${stage}" is at ${doing}, whose ${withOthers(trouble)}`, next: trouble.next };
  }
  const what = action === undefined ? '' : `, which ${purposeOf(action)}`;
  return { text: `stage "${stage}" is at ${doing}${what}`, next: actionCommand(set, action, evidence) };
}

function purposeOf({ wait, http, job, apply, patch, delete: deletion }: Action): string {
  if (wait?.duration !== undefined) return `waits for ${wait.duration}`;
  if (wait?.target !== undefined) return `waits until ${wait.expr} holds for ${wait.target.kind} ${wait.target.name}`;
  if (http !== undefined) return `calls ${originOf(http.url)}`;
  if (job !== undefined) return 'runs a Job';
  if (apply !== undefined) return 'applies what its source holds';
  if (patch !== undefined) return `patches ${patch.target.kind} ${patch.target.name}`;
  if (deletion !== undefined) return `deletes ${deletion.target.kind} ${deletion.target.name}`;
  return 'is of a kind that this program does not know';
}

/** Paths and queries hold tokens at times. */
function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** The object that it is about, or else all that is told about the StageSet. */
export function actionCommand(set: StageSet, action: Action | undefined, evidence: Evidence): Command {
  const target = action?.wait?.target ?? action?.patch?.target ?? action?.delete?.target;
  const resource = target && evidence.resourceName(target);
  if (target === undefined || resource === undefined) {
    return describeSet(set);
  }
  const { namespace = set.metadata.namespace, name } = target;
  // One that is yet to come is no error to look for.
  return [
    'kubectl',
    'get',
    resource,
    '--field-selector',
    `metadata.name=${name}`,
    ...inNamespace(namespace),
    '-o',
    'yaml',
  ];
}
