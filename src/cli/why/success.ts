import { age } from '../output/age.ts';
import { conditionOf, titleOf } from './about-set.ts';
import type { Answer } from './answer.ts';
import { sentences } from './answer.ts';
import { describeSet, ours } from './commands.ts';
import type { Told } from './events.ts';
import { withOthers } from './evidence.ts';
import type { Question } from './question.ts';
import { showWriters } from './refusals.ts';

/** Ready does not mean that nothing is held back, nor that all has stayed as it was. */
export async function explainSuccess(question: Question): Promise<Answer> {
  const { set, message, evidence } = question;
  const title = titleOf(set);
  const trouble = await evidence.trouble();
  if (trouble !== undefined) {
    const text = sentences(
      `${title} was Ready after its last run, but something is not any more: ${withOthers(trouble)}`,
    );
    return { text, next: trouble.next };
  }
  const { pendingUpdate } = set.status ?? {};
  if (pendingUpdate !== undefined) {
    const held = Object.entries(pendingUpdate.revisions ?? {}).map(([source, revision]) => `${source} ${revision}`);
    const until = pendingUpdate.nextWindowOpens;
    const text = sentences(
      `${title} is Ready, and update windows hold back ${held.join(', ')}`,
      until === undefined ? 'None opens in the foreseeable future' : `The next one opens at ${until}`,
    );
    return { text, next: ours(set, 'reconcile', '--update-now') };
  }
  const warned = await warningSince(question);
  if (warned !== undefined) {
    const ago = age(evidence.nowMs - warned.atMs);
    const text = sentences(`${title} is Ready, with a warning ${ago} ago (${warned.reason}): ${warned.message}`);
    return { text, next: showWriters(warned.message, evidence) ?? describeSet(set) };
  }
  return { text: sentences(`${title} is Ready: ${message}`), next: ours(set, 'tree') };
}

/** What is older has passed. */
const RECENT_MS = 10 * 60_000;

/** Somebody else writes on its objects, say: that goes on though all is well again after each run. */
async function warningSince({ set, evidence }: Question): Promise<Told | undefined> {
  const readySince = Date.parse(conditionOf(set, 'Ready')?.lastTransitionTime ?? '') || 0;
  const told = await evidence.lastWarning();
  return told !== undefined && told.atMs >= Math.max(readySince, evidence.nowMs - RECENT_MS) ? told : undefined;
}
