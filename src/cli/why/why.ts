import { readStageSet } from '../cluster/stage-sets.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { type DataFormat, printData } from '../output/print-data.ts';
import { terminalOf } from '../output/terminal.ts';
import { oneLine } from '../output/text-width.ts';
import { withReader } from '../owned/with-reader.ts';
import { sentences } from './answer.ts';
import { evidenceFor } from './cluster-evidence.ts';
import { explain } from './explain.ts';
import { shellWords } from './shell-words.ts';

export interface WhyFlags extends ConnectionFlags {
  readonly output?: DataFormat;
}

export function why(name: string, flags: WhyFlags): Promise<string> {
  return withReader(flags, async (cluster, reader) => {
    const set = await readStageSet(cluster, name);
    const { text, next } = await explain(set, evidenceFor(set, reader, Date.now()));
    const { unread } = reader;
    const limits = unread.length === 0 ? undefined : `Not all could be looked at: ${unread.join(', ')}`;
    const answer = oneLine(sentences(text, limits));
    const command = shellWords(next, flags);
    const { output } = flags;
    if (output !== undefined) return printData({ namespace: cluster.namespace, name, answer, next: command }, output);
    return `${answer}\n\n${terminalOf(process.stdout).paint('Next:', 'strong')} ${command}\n`;
  });
}
