import type { ObjectId } from '../../shared/objects/object-id.ts';
import { deadlineIn } from '../../shared/time/deadline.ts';
import type { LiveView } from '../live/live-view.ts';
import { named } from './named.ts';
import type { Run } from './world.ts';

/** Resolves when none of these is on the cluster any more. */
export async function awaitGone(run: Run, live: LiveView, ids: readonly ObjectId[], withinMs: number): Promise<void> {
  const stillThere = () => ids.filter((id) => live.get(id) !== undefined);
  const timeUp = () => new Error(`still being deleted: ${named(stillThere())}`);
  using deadline = deadlineIn(withinMs, { clock: run.world.clock, unless: run.superseded, timeUp });
  await new Promise<void>((resolve, reject) => {
    const stop = live.subscribe(ids, () => {
      if (stillThere().length > 0) return;
      stop();
      resolve();
    });
    const aborted = () => {
      stop();
      reject(deadline.signal.reason);
    };
    deadline.signal.addEventListener('abort', aborted, { once: true });
    if (stillThere().length === 0) {
      stop();
      resolve();
    }
  });
}
