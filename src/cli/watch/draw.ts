import type { StageSet, StageStatus } from '../../shared/api/types.ts';
import { age } from '../output/age.ts';
import { type Column, printTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { cutTo, oneLine } from '../output/text-width.ts';
import { waitsFor } from '../progress/news.ts';
import { conditionOf, stagesOf, summaryOf, toneOfPhase } from '../summary.ts';
import type { StageTimes } from './stage-times.ts';

export interface Canvas {
  readonly terminal: Terminal;
  readonly rows: number;
  readonly times: StageTimes;
  readonly nowMs: number;
  readonly beganMs: number;
}

/** A StageSet at work as lines of a terminal, never more than it has rows. */
export function draw(set: StageSet, canvas: Canvas): readonly string[] {
  const { terminal, rows, times, nowMs, beganMs } = canvas;
  const { columns = Number.POSITIVE_INFINITY, paint } = terminal;
  const { namespace, name } = set.metadata;
  const { stages } = summaryOf(set);
  const title = `StageSet ${namespace}/${name}  ${stages} stages ready  ${age(nowMs - beganMs)}`;
  const blocked = waitsFor(set) ?? conditionOf(set.status, 'Reconciling')?.message;
  const table = printTable(stagesOf(set), columnsAt(times, nowMs), { terminal, indent: 2 }).trimEnd().split('\n');
  const foot = blocked === undefined ? [] : [paint(cutTo(oneLine(blocked), columns), 'faint')];
  const [heading = '', ...lines] = table;
  const room = Math.max(1, rows - 3 - foot.length);
  return [paint(cutTo(title, columns), 'strong'), heading, ...aroundWork(set, lines, room), ...foot];
}

/** Where not all stages fit, those from the first on that is not ready. */
function aroundWork(set: StageSet, lines: readonly string[], room: number): readonly string[] {
  if (lines.length <= room) return lines;
  const first = stagesOf(set).findIndex(({ phase }) => phase !== 'Ready');
  const start = Math.min(first < 0 ? lines.length : first, lines.length - room);
  return lines.slice(start, start + room);
}

function columnsAt(times: StageTimes, nowMs: number): readonly Column<StageStatus>[] {
  return [
    { title: 'STAGE', of: ({ name }) => name },
    { title: 'PHASE', of: ({ phase }) => phase, tone: toneOfPhase },
    {
      title: 'ELAPSED',
      of: ({ name }) => {
        const ms = times.ofStage(name, nowMs);
        return ms === undefined ? undefined : age(ms);
      },
    },
    { title: 'MESSAGE', of: ({ phase, message }) => (phase === 'Ready' ? undefined : message), mayBeCut: true },
  ];
}
