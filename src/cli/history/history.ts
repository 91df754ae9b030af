import type { RunOutcome } from '../../shared/api/types.ts';
import { parseDurationMs } from '../../shared/time/duration.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import { withCluster } from '../cluster/with-cluster.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { age, ageSince } from '../output/age.ts';
import { type DataFormat, printData } from '../output/print-data.ts';
import { type Column, printTable } from '../output/table.ts';
import { type Terminal, terminalOf } from '../output/terminal.ts';

/** The flags of `history`, as commander reads them. */
export interface HistoryFlags extends ConnectionFlags {
  readonly output?: DataFormat;
}

/** What `history` prints. */
export async function history(name: string, flags: HistoryFlags): Promise<string> {
  const { status } = await withCluster(flags, (cluster) => readStageSet(cluster, name));
  const outcomes = status?.history ?? [];
  if (flags.output !== undefined) return printData(outcomes, flags.output);
  return printHistory(outcomes, { terminal: terminalOf(process.stdout), nowMs: Date.now() });
}

export interface HistoryManner {
  readonly terminal: Terminal;
  readonly nowMs: number;
}

export function printHistory(outcomes: readonly RunOutcome[], { terminal, nowMs }: HistoryManner): string {
  if (outcomes.length === 0) return 'No run has ended yet.\n';
  const columns: readonly Column<RunOutcome>[] = [
    { title: 'STARTED', of: ({ startedAt }) => `${ageSince(startedAt, nowMs)} ago` },
    { title: 'TOOK', of: ({ duration }) => age(parseDurationMs(duration) ?? 0) },
    { title: 'GENERATION', of: ({ generation }) => generation?.toString() },
    { title: 'REASON', of: reasonOf, tone: ({ reason }) => (reason === 'Succeeded' ? 'good' : 'bad') },
    { title: 'REVISIONS', of: ({ revisions = {} }) => listed(revisions), mayBeCut: true },
    { title: 'MESSAGE', of: ({ message }) => message, mayBeCut: true },
  ];
  return printTable(outcomes, columns, { terminal });
}

function reasonOf({ reason, rolledBack }: RunOutcome): string {
  return rolledBack ? `${reason} (rolled back)` : reason;
}

/** Most sources move together: what several share is told once. */
function listed(revisions: Readonly<Record<string, string>>): string {
  return [...new Set(Object.values(revisions))].join(', ');
}
