import type { Condition, StageSet } from '../../shared/api/types.ts';
import { conditionOf, titleOf } from './about-set.ts';
import { explainAction } from './action.ts';
import { type Answer, sentences } from './answer.ts';
import { describeSet } from './commands.ts';
import { findController, silenceOf } from './controller-silence.ts';
import { type Evidence, withOthers } from './evidence.ts';

/** A run is under way, or was when its controller went. */
export async function explainWork(set: StageSet, working: Condition, evidence: Evidence): Promise<Answer> {
  const controller = await evidence.controller();
  if (controller.is === 'silent') {
    const text = sentences(
      `${titleOf(set)} was being rolled out (${working.message})`,
      silenceOf(controller, evidence.nowMs),
      'The next one takes the rollout up where it stands',
    );
    return { text, next: findController(controller) };
  }
  const { text, next } = await explainStep(set, working.message, evidence);
  return { text: sentences(`${titleOf(set)} is being rolled out: ${text}`, lastFailure(set)), next };
}

async function explainStep(set: StageSet, step: string, evidence: Evidence): Promise<Answer> {
  const [, stage, doing] = /^stage "([^"]*)": (.*)$/s.exec(step) ?? [];
  if (stage === undefined || doing === undefined) return { text: step, next: describeSet(set) };
  const action = /action "([^"]*)"$/.exec(doing)?.[1];
  if (action !== undefined) return explainAction(set, { stage, doing, action }, evidence);
  const isDeleting = /^(pruning|deleting) /.test(doing);
  const trouble = isDeleting ? await evidence.lingering() : await evidence.trouble(stage, doing);
  if (trouble === undefined) return { text: step, next: describeSet(set) };
  return { text: `stage "${stage}" waits for ${withOthers(trouble)}`, next: trouble.next };
}

/** A retry looks like a rollout like any other. */
function lastFailure(set: StageSet): string | undefined {
  const ready = conditionOf(set, 'Ready');
  return ready?.reason === 'StageFailed' ? `The last try ended with: ${ready.message}` : undefined;
}
