import type { StageSet } from '../../shared/api/types.ts';
import { UsageError } from '../cli-error.ts';
import { readStageSet } from '../cluster/stage-sets.ts';
import type { ConnectionFlags } from '../connection/flags.ts';
import { type DataFormat, listOf, printData } from '../output/print-data.ts';
import { terminalOf } from '../output/terminal.ts';
import type { Reader } from '../owned/reader.ts';
import { withReader } from '../owned/with-reader.ts';
import { warn } from '../tell.ts';
import { type EventObject, eventResource, isAbout } from './event.ts';
import { type Family, familyOf, namespacesOf } from './family.ts';
import { followEvents } from './follow-events.ts';
import { inOrder, printEvents } from './print-events.ts';

/** The flags of `events`, as commander reads them. */
export interface EventsFlags extends ConnectionFlags {
  readonly watch?: boolean;
  readonly output?: DataFormat;
}

/** Prints what has been told about a StageSet and all it owns and, on request, what will be. */
export function events(name: string, flags: EventsFlags): Promise<void> {
  if (flags.watch && flags.output !== undefined) {
    throw new UsageError('--watch prints lines, and -o one document: leave one of them out');
  }
  return withReader(flags, async (cluster, reader) => {
    const set = await readStageSet(cluster, name);
    const family = await familyOf(set, reader);
    const found = await eventsAbout(family, set, reader);
    for (const each of reader.unread) warn(each);
    process.stdout.write(printed(found, flags));
    const tell = (event: EventObject) => void process.stdout.write(textOf([event], false));
    if (flags.watch) await followEvents({ set, family, found, reader, tell });
  });
}

async function eventsAbout(family: Family, set: StageSet, reader: Reader): Promise<readonly EventObject[]> {
  const lists = await Promise.all(
    namespacesOf(family).map((namespace) => reader.list<EventObject>({ resource: eventResource, namespace })),
  );
  return inOrder(lists.flatMap((list) => list ?? []).filter((event) => isAbout(event, family, set)));
}

function printed(found: readonly EventObject[], { output, watch = false }: EventsFlags): string {
  if (output !== undefined) return printData(listOf(found), output);
  if (found.length === 0 && !watch) return 'No events found.\n';
  return textOf(found, true);
}

function textOf(found: readonly EventObject[], heading: boolean): string {
  return printEvents(found, { terminal: terminalOf(process.stdout), nowMs: Date.now(), heading });
}
