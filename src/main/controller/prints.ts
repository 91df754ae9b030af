import type { ObjectId } from '../../shared/objects/object-id.ts';
import type { LiveObject } from '../live/live-object.ts';
import { appliedPrint } from '../live/ownership-print.ts';
import type { Run } from './world.ts';

/** Filled from the inventory after a restart, which has all but those of sensitive objects. */
export function printsOf(run: Run): Map<ObjectId, string> {
  run.memory.prints ??= new Map(
    [...run.inventory.read().values()].flatMap(({ entries }) =>
      [...entries.values()].flatMap(({ id, p }) => (p === undefined ? [] : [[id, p] as const])),
    ),
  );
  return run.memory.prints;
}

/** What the print of an object would be if it stood as our apply of this body left it. */
export function printOfLive(live: LiveObject | undefined, bodyDigest: string): string | undefined {
  return live === undefined ? undefined : appliedPrint(bodyDigest, live.print);
}
