import { terminalOf } from '../output/terminal.ts';
import { comparisonOf, type DiffFlags } from './flags.ts';
import { printMarkdown } from './print-markdown.ts';
import { printReportData } from './print-report-data.ts';
import { printText } from './print-text.ts';
import { holdsChanges, holdsRefusals, type Report } from './report.ts';

export interface Answer {
  readonly text: string;
  /** As of diff(1): 1 where something would change; 3 where a reconcile would fail. */
  readonly exitCode: 0 | 1 | 3;
}

export async function diff(name: string | undefined, flags: DiffFlags): Promise<Answer> {
  const report = await reportOn(name, flags);
  const changed = holdsChanges(report) && flags.exitCode ? 1 : 0;
  return { text: printed(report, flags), exitCode: holdsRefusals(report) ? 3 : changed };
}

async function reportOn(name: string | undefined, flags: DiffFlags): Promise<Report> {
  const comparison = comparisonOf(name, flags);
  switch (comparison.is) {
    case 'with cluster':
      return (await import('./with-cluster.ts')).compareWithCluster(comparison.name, flags);
    case 'between folders':
      return (await import('./between-folders.ts')).compareFolders(comparison, flags);
    default:
      return comparison satisfies never;
  }
}

function printed(report: Report, { output, color, showUnchanged = false }: DiffFlags): string {
  if (output === 'markdown') return printMarkdown(report);
  if (output !== undefined) return printReportData(report, { format: output, showUnchanged });
  const { paint } = terminalOf(process.stdout, process.env, color);
  return printText(report, { paint, showUnchanged });
}
