import { oneLine } from '../output/text-width.ts';
import { type DiffLine, linesOf, linesOfObject } from './lines.ts';
import { actionLines, harmless, textOf } from './print-text.ts';
import { type Change, changesOf, describeName, holdsChanges, holdsRefusals, type Report } from './report.ts';

/** What GitHub takes for one comment. */
const COMMENT_BYTES = 65_536;
/** For what is said of that which does not fit. */
const REMARK_BYTES = 300;

/**
 * For a comment on a pull request: counts first, then what would be lost, replaced and refused, then the rest. Cut to what
 * a comment holds, saying how much is missing. Nothing where nothing would be done.
 */
export function printMarkdown(report: Report): string {
  if (!holdsChanges(report) && !holdsRefusals(report)) return '';
  const head = `### StageSet ${code(report.stageSet)}: ${countsOf(report)}\n`;
  const blocks = sectionsOf(report).flatMap(({ title, items }) =>
    items.map((item, i) => (i === 0 ? `\n**${title}**\n\n${item}` : item)),
  );
  let text = head;
  let room = COMMENT_BYTES - REMARK_BYTES - Buffer.byteLength(head);
  for (const [i, block] of blocks.entries()) {
    room -= Buffer.byteLength(block);
    if (room < 0) {
      const left = blocks.length - i;
      return `${text}\n… ${left} more: this comment is full. \`stagesetctl diff\` prints all of them.\n`;
    }
    text += block;
  }
  return text;
}

function countsOf(report: Report): string {
  const counts = [
    [changesOf(report, 'pruned').length, 'deleted'],
    [changesOf(report, 'replaced').length, 'replaced'],
    [changesOf(report, 'refused').length + report.objections.length, 'refused'],
    [changesOf(report, 'changed').length, 'changed'],
    [changesOf(report, 'created').length, 'created'],
    [report.actions.length, report.actions.length === 1 ? 'action to run' : 'actions to run'],
  ] as const;
  return counts
    .filter(([count]) => count > 0)
    .map(([count, what]) => `${count} ${what}`)
    .join(', ');
}

interface Section {
  readonly title: string;
  readonly items: readonly string[];
}

function sectionsOf(report: Report): readonly Section[] {
  const listed = (text: string) => `- ${text}\n`;
  const named = ({ object }: Change) => code(describeName(object));
  return [
    {
      title: 'Deleted',
      items: changesOf(report, 'pruned').map((change) => listed(`${named(change)} ${change.because}`)),
    },
    {
      title: 'Replaced: deleted and created anew',
      items: changesOf(report, 'replaced').map((change) => folded(change, linesIn(change.difference), change.because)),
    },
    {
      title: 'Refused',
      items: [
        ...changesOf(report, 'refused').map((change) => listed(`${named(change)}: ${code(change.because)}`)),
        ...report.objections.map((objection) => listed(code(objection))),
      ],
    },
    {
      title: 'Changed',
      items: changesOf(report, 'changed').map((change) => folded(change, linesOf(change.difference), change.note)),
    },
    {
      title: 'Created',
      items: changesOf(report, 'created').map((change) => folded(change, linesOfObject('+', change.to))),
    },
    {
      title: 'Actions to run',
      items: report.actions.length === 0 ? [] : [fenced(actionLines(report.actions).slice(1))],
    },
  ];
}

function linesIn(difference: Parameters<typeof linesOf>[0] | undefined): readonly DiffLine[] {
  return difference === undefined ? [] : linesOf(difference);
}

/** No single object fills the comment. */
const MOST_LINES = 200;
const LINE_CHARACTERS = 500;

function folded({ object }: Change, lines: readonly DiffLine[], note?: string): string {
  const shown = textOf(lines.slice(0, MOST_LINES)).map((line) =>
    line.length > LINE_CHARACTERS ? `${line.slice(0, LINE_CHARACTERS)}…` : line,
  );
  const more = lines.length > MOST_LINES ? [` … ${lines.length - MOST_LINES} more lines`] : [];
  const summary = escaped(describeName(object)) + (note === undefined ? '' : `: ${escaped(oneLine(note))}`);
  return `<details><summary>${summary}</summary>\n\n${fenced([...shown, ...more], 'diff')}\n</details>\n`;
}

/** Whatever stands in the lines, they end with the fence and not before. */
function fenced(lines: readonly string[], language = ''): string {
  const text = lines.map(harmless).join('\n');
  const fence = '`'.repeat(Math.max(3, longestTicks(text) + 1));
  return `${fence}${language}\n${text}\n${fence}\n`;
}

function code(text: string): string {
  const line = oneLine(text);
  const ticks = '`'.repeat(longestTicks(line) + 1);
  return ticks.length === 1 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

function longestTicks(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map(({ length }) => length));
}

/** Nobody is mentioned, and no link or element is made. */
function escaped(text: string): string {
  return text.replaceAll(/[&<>@#[\]*_`~\\|]/g, (character) => `&#${character.codePointAt(0)};`);
}
