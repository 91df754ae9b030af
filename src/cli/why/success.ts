import { titleOf } from './about-set.ts';
import type { Answer } from './answer.ts';
import { sentences } from './answer.ts';
import { ours } from './commands.ts';
import { withOthers } from './evidence.ts';
import type { Question } from './question.ts';

/** Ready does not mean that nothing is held back, nor that all has stayed as it was. */
export async function explainSuccess({ set, message, evidence }: Question): Promise<Answer> {
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
  return { text: sentences(`${title} is Ready and waits for nothing: ${message}`), next: ours(set, 'tree') };
}
