import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import { type Column, printTable } from '../output/table.ts';
import type { Terminal, Tone } from '../output/terminal.ts';
import { oneLine } from '../output/text-width.ts';
import { type Summary, stagesOf, summaryOf, toneOfPhase, toneOfReady } from '../summary.ts';

export interface DetailManner {
  readonly terminal: Terminal;
  /** With the message of each stage. */
  readonly isWide: boolean;
}

/** One StageSet in words: a readable view of its status. */
export function printDetail(set: StageSet, { terminal, isWide }: DetailManner): string {
  const { metadata, spec, status } = set;
  const summary = summaryOf(set);
  const field = (label: string, value: string | undefined, tone?: Tone) =>
    `${`${label}:`.padEnd(12)}${terminal.paint(oneLine(value ?? '') || '-', tone)}`;
  const lines = [
    field('Name', metadata.name),
    field('Namespace', metadata.namespace),
    ...(spec.suspend === true ? [field('Suspended', 'true')] : []),
    field('Ready', readiness(summary), toneOfReady(summary.ready)),
    field('Message', summary.message),
    field('Version', status?.version),
    ...longLines(set),
  ];
  const columns = isWide ? [...stageColumns, message] : stageColumns;
  return `${lines.join('\n')}\nStages:\n${printTable(stagesOf(set), columns, { terminal, indent: 2 })}`;
}

function readiness({ ready, reason }: Summary): string {
  return reason === undefined ? ready : `${ready} (${reason})`;
}

function longLines({ status }: StageSet): readonly string[] {
  const { pendingMigrations = [], lastHandledReconcileAt, pendingUpdate } = status ?? {};
  const held = Object.entries(pendingUpdate?.revisions ?? {});
  return [
    ...(pendingMigrations.length > 0 ? [`Pending migrations: ${oneLine(pendingMigrations.join(', '))}`] : []),
    ...(lastHandledReconcileAt ? [`Last handled reconcile: ${oneLine(lastHandledReconcileAt)}`] : []),
    ...(pendingUpdate === undefined ? [] : ['Pending update:']),
    ...(pendingUpdate?.nextWindowOpens ? [`  Next window opens: ${pendingUpdate.nextWindowOpens}`] : []),
    ...held.map(([key, revision]) => `  Held: ${oneLine(`${key} -> ${revision}`)}`),
  ];
}

const stageColumns: readonly Column<StageStatus>[] = [
  { title: 'NAME', of: ({ name }) => name },
  { title: 'PHASE', of: ({ phase }) => phase, tone: toneOfPhase },
  { title: 'REVISION', of: ({ appliedRevision }) => appliedRevision, mayBeCut: true },
  { title: 'ENTRIES', of: ({ entriesCount }) => entriesCount?.toString() },
];

const message: Column<StageStatus> = { title: 'MESSAGE', of: (stage) => stage.message, mayBeCut: true };
