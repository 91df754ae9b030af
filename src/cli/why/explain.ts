import type { Reason } from '../../shared/api/reasons.ts';
import type { Condition, StageSet } from '../../shared/api/types.ts';
import { conditionOf, isUnseen, titleOf } from './about-set.ts';
import { type Answer, sentences } from './answer.ts';
import { explainWork } from './at-work.ts';
import { explainDeletion } from './being-deleted.ts';
import { explanations } from './by-reason.ts';
import { describeSet } from './commands.ts';
import { controllerRemark, explainSilence } from './controller-silence.ts';
import type { Evidence } from './evidence.ts';

/** What a StageSet waits for or why it failed, in the order in which one thing makes the next one moot. */
export async function explain(set: StageSet, evidence: Evidence): Promise<Answer> {
  if (set.metadata.deletionTimestamp !== undefined) return explainDeletion(set, evidence);
  const working = conditionOf(set, 'Reconciling');
  if (working?.status === 'True') return explainWork(set, working, evidence);
  if (isUnseen(set)) return explainSilence(set, evidence);
  const ready = conditionOf(set, 'Ready');
  if (ready === undefined) return explainSilence(set, evidence);
  const { text, next } = await explainReason(set, ready, evidence);
  return { text: sentences(text, ready.status === 'True' ? undefined : await controllerRemark(evidence)), next };
}

async function explainReason(set: StageSet, ready: Condition, evidence: Evidence): Promise<Answer> {
  if (isReason(ready.reason)) return explanations[ready.reason]({ set, message: ready.message, evidence });
  // Of a newer controller.
  return { text: `${titleOf(set)} is not Ready (${ready.reason}): ${ready.message}`, next: describeSet(set) };
}

function isReason(reason: string): reason is Reason {
  return Object.hasOwn(explanations, reason);
}
