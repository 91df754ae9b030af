import type { Paint, Tone } from '../output/terminal.ts';
import { oneLine } from '../output/text-width.ts';
import { type DiffLine, linesOf, linesOfObject } from './lines.ts';
import { type ActionToRun, type Change, changesOf, describeName, type Report } from './report.ts';

export interface TextOptions {
  readonly paint: Paint;
  readonly showUnchanged: boolean;
}

/** For people, and for tools that know a unified diff. Nothing where nothing would be done. */
export function printText(report: Report, { paint, showUnchanged }: TextOptions): string {
  const hunks = report.changes.flatMap((change) => hunkOf(change, showUnchanged));
  const pruned = changesOf(report, 'pruned').map(
    ({ object, because }) => `- ${describeName(object)} (pruned: ${because})`,
  );
  const refused = changesOf(report, 'refused').map(
    ({ object, because }) => `! ${describeName(object)} (refused: ${because})`,
  );
  const sections = [
    hunks.length === 0 ? [] : [`--- ${report.sides[0]}`, `+++ ${report.sides[1]}`, ...hunks],
    pruned.map(oneLine),
    [...refused, ...report.objections.map((objection) => `! ${objection}`)].map(oneLine),
    actionLines(report.actions),
  ];
  return sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.map((line) => `${paint(harmless(line), toneOf(line))}\n`).join(''))
    .join('\n');
}

function hunkOf(change: Change, showUnchanged: boolean): readonly string[] {
  const name = describeName(change.object);
  switch (change.is) {
    case 'created':
      return [`@@ ${name} (created) @@`, ...textOf(linesOfObject('+', change.to))];
    case 'changed':
      return [`@@ ${name}${noteOf(change.note)} @@`, ...textOf(linesOf(change.difference))];
    case 'replaced': {
      const lines = change.difference === undefined ? [] : textOf(linesOf(change.difference));
      return [`@@ ${name} (replaced: ${change.because}) @@`, ...lines];
    }
    case 'unchanged':
      return showUnchanged ? [`@@ ${name}${noteOf(change.note ?? 'unchanged')} @@`] : [];
    case 'pruned':
    case 'refused':
      return [];
    default:
      return change satisfies never;
  }
}

function noteOf(note: string | undefined): string {
  return note === undefined ? '' : ` (${note})`;
}

export function textOf(lines: readonly DiffLine[]): readonly string[] {
  return lines.map(({ mark, text }) => `${mark}${text}`);
}

/** By stage, as they would run. */
export function actionLines(actions: readonly ActionToRun[]): readonly string[] {
  if (actions.length === 0) return [];
  const byStage = Map.groupBy(actions, ({ stage }) => stage);
  const lines = [...byStage].flatMap(([stage, own]) => [
    `  ${stage}:`,
    ...own.map(({ hook, name, verb, target }) => `    ${oneLine(`${hook} ${name} ${verb} ${target}`)}`),
  ]);
  return ['Actions to run:', ...lines];
}

/** Whatever a manifest holds, it moves no cursor and changes no colour. */
export function harmless(line: string): string {
  return line.replaceAll(/[^\P{C}\t]/gu, '\u{fffd}');
}

function toneOf(line: string): Tone | undefined {
  if (line.startsWith('@@') || line.startsWith('--- ') || line.startsWith('+++ ')) return 'strong';
  if (line.startsWith('+')) return 'good';
  if (line.startsWith('-')) return 'bad';
  return line.startsWith('!') ? 'doubtful' : undefined;
}
