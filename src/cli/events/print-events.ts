import { describeObjectId } from '../../shared/objects/object-id.ts';
import { age } from '../output/age.ts';
import { type Column, printTable } from '../output/table.ts';
import type { Terminal } from '../output/terminal.ts';
import { type EventObject, lastSeenMs, subjectOf, timesSeen } from './event.ts';

export interface EventsManner {
  readonly terminal: Terminal;
  readonly nowMs: number;
  /** False for events that are added to those printed before. */
  readonly heading: boolean;
}

/** Oldest first, so that the newest is next to the prompt. */
export function printEvents(events: readonly EventObject[], { terminal, nowMs, heading }: EventsManner): string {
  const columns: readonly Column<EventObject>[] = [
    { title: 'LAST SEEN', of: (event) => lastSeen(event, nowMs) },
    { title: 'TYPE', of: ({ type }) => type, tone: ({ type }) => (type === 'Warning' ? 'doubtful' : undefined) },
    { title: 'REASON', of: ({ reason }) => reason },
    { title: 'OBJECT', of: (event) => describeObjectId(subjectOf(event)) },
    { title: 'MESSAGE', of: ({ message }) => message, mayBeCut: true },
  ];
  return printTable(inOrder(events), columns, { terminal, heading });
}

export function inOrder(events: readonly EventObject[]): readonly EventObject[] {
  return events.toSorted((a, b) => lastSeenMs(a) - lastSeenMs(b));
}

function lastSeen(event: EventObject, nowMs: number): string {
  const ago = age(nowMs - lastSeenMs(event));
  const times = timesSeen(event);
  return times > 1 ? `${ago} (x${times})` : ago;
}
