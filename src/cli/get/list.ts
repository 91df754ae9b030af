import type { StageSet } from '../../shared/api/types.ts';
import { ageSince } from '../output/age.ts';
import { type Column, printTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { type Summary, summaryOf, toneOfReady } from '../summary.ts';

export interface ListManner {
  readonly terminal: Terminal;
  readonly allNamespaces: boolean;
  readonly isWide: boolean;
  readonly nowMs: number;
}

interface Row {
  readonly set: StageSet;
  readonly summary: Summary;
}

export function printList(sets: readonly StageSet[], { terminal, allNamespaces, isWide, nowMs }: ListManner): string {
  const rows = sets.map((set): Row => ({ set, summary: summaryOf(set) }));
  const columns = [...(allNamespaces ? [namespace] : []), ...always, ...(isWide ? [ageColumn(nowMs), message] : [])];
  return printTable(rows, columns, { terminal });
}

const namespace: Column<Row> = { title: 'NAMESPACE', of: ({ set }) => set.metadata.namespace };

const always: readonly Column<Row>[] = [
  { title: 'NAME', of: ({ set }) => set.metadata.name },
  { title: 'READY', of: ({ summary }) => summary.ready, tone: ({ summary }) => toneOfReady(summary.ready) },
  { title: 'REASON', of: ({ summary }) => summary.reason },
  { title: 'STAGES', of: ({ summary }) => summary.stages },
  { title: 'VERSION', of: ({ set }) => set.status?.version },
  { title: 'PENDING', of: ({ summary }) => summary.pending },
];

const ageColumn = (nowMs: number): Column<Row> => ({
  title: 'AGE',
  of: ({ set }) => ageSince(set.metadata.creationTimestamp, nowMs),
});

const message: Column<Row> = { title: 'MESSAGE', of: ({ summary }) => summary.message, mayBeCut: true };
