import { ageSince } from '../output/age.ts';
import { oneLine } from '../output/text-width.ts';
import type { Named, Origin, Traced } from './origin.ts';

/** As `get NAME` prints one: a line for each thing that is known. */
export function originText(
  { object, through = [], origin, remark }: Traced,
  unread: readonly string[],
  nowMs: number,
): string {
  const limits = unread.length === 0 ? '' : `Not all could be looked at: ${unread.join(', ')}.\n`;
  if (origin === undefined) {
    const why = remark === undefined ? '' : `: ${remark}`;
    return `${textOf(object)} is not owned by a StageSet${why}.\n${limits}`;
  }
  const rows: readonly (readonly [title: string, says: string | undefined])[] = [
    ['Object', textOf(object)],
    ['Owned by', through.length === 0 ? undefined : through.map(textOf).join(' ← ')],
    ['StageSet', `${origin.stageSet.namespace}/${origin.stageSet.name}`],
    ['Stage', origin.stage && `${origin.stage}${origin.phase === undefined ? '' : ` (${origin.phase})`}`],
    ['Action', origin.action],
    ['Revision', origin.revision],
    ['Source', sourceText(origin)],
    ['Last applied', origin.lastApplied && `${origin.lastApplied} (${ageSince(origin.lastApplied, nowMs)} ago)`],
    [
      'Remark',
      origin.recorded === false ? 'in no inventory of the StageSet: it is neither pruned nor taken down' : undefined,
    ],
  ];
  const told = rows.filter(([, says]) => says !== undefined);
  return `${told.map(([title, says]) => `${`${title}:`.padEnd(WIDTH)}${oneLine(says ?? '')}\n`).join('')}${limits}`;
}

const WIDTH = 'Last applied:  '.length;

function sourceText({ source }: Origin): string | undefined {
  return source && `${textOf(source)}, path ${source.path}`;
}

function textOf({ kind, namespace, name }: Named): string {
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}
