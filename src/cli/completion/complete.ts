import { Command } from 'commander';
import { addConnectionFlags, type ConnectionFlags } from '../connection/flags.ts';
import { answersTo } from './answers.ts';
import { listsFor } from './lists.ts';
import { questionIn } from './question.ts';

/** What a shell may do beside the candidates, in the numbers of cobra, whose protocol kubectl speaks to its plugins. */
const FILES_TOO = 0;
const NOTHING_ELSE = 4;

/** What `__complete` prints: a candidate a line, with a tab before its description, and a directive. */
export async function complete(words: readonly string[], program: Command): Promise<string> {
  const { candidates, files } = await answersTo(questionIn(words, program), program, listsFor(connectionIn(words)));
  const lines = candidates.map(({ value, description }) => (description ? `${value}\t${description}` : value));
  return [...lines, `:${files ? FILES_TOO : NOTHING_ELSE}`, ''].join('\n');
}

/** Of a command line that is not finished: what cannot be read yet is left out. */
function connectionIn(words: readonly string[]): ConnectionFlags {
  const reader = new Command().allowUnknownOption().allowExcessArguments().exitOverride();
  reader.configureOutput({ writeErr: () => {} });
  addConnectionFlags(reader);
  try {
    return reader.parse(words.slice(0, -1), { from: 'user' }).opts();
  } catch {
    return {};
  }
}
