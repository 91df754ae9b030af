import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { conditionOf, titleOf } from './about-set.ts';
import { type Answer, sentences } from './answer.ts';
import { describeSet, showSpec } from './commands.ts';
import { findController, silenceOf } from './controller-silence.ts';
import type { Evidence } from './evidence.ts';

export async function explainDeletion(set: StageSet, evidence: Evidence): Promise<Answer> {
  const title = `${titleOf(set)} is being deleted`;
  const finalizers = set.metadata.finalizers ?? [];
  if (!finalizers.includes(keys.finalizer)) {
    const others = finalizers.map((each) => `"${each}"`).join(', ');
    const text = sentences(`${title}: its stages are gone, and it waits for whoever set the finalizer ${others}`);
    return { text, next: showSpec(set) };
  }
  const controller = await evidence.controller();
  if (controller.is === 'silent') {
    const text = sentences(`${title}, and nobody takes its stages down`, silenceOf(controller, evidence.nowMs));
    return { text, next: findController(controller) };
  }
  const trouble = await evidence.lingering();
  const ready = conditionOf(set, 'Ready');
  const doing = conditionOf(set, 'Reconciling')?.message;
  const failed = ready?.reason === 'StageFailed' && doing === undefined ? ready.message : undefined;
  if (trouble !== undefined) {
    const text = sentences(`${title}, and waits for ${trouble.text}`, failed);
    return { text, next: trouble.next };
  }
  const text = failed ?? doing ?? 'the controller takes its stages down, last first';
  return { text: sentences(`${title}: ${text}`), next: describeSet(set) };
}
