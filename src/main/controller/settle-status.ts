import type { StageSetStatus } from '../../shared/api/types.ts';
import { isTransient } from '../kube/errors.ts';
import { backoffMs } from '../queue/backoff.ts';
import type { Run } from './world.ts';

/** Without the API server there is nothing else to do either. */
const LONGEST_PAUSE_MS = 5_000;

/**
 * Writes down what must not be forgotten, however long the server takes to have it: not even something newer ends this
 * wait, only the end of our leave to write.
 */
export async function settleStatus(run: Run, change: (status: StageSetStatus) => StageSetStatus): Promise<void> {
  const { status, turn, world, lease } = run;
  let wanted = change;
  for (let failures = 1; ; failures += 1) {
    try {
      return await status.settle(wanted);
    } catch (error) {
      if (!isTransient(error)) throw error;
      run.log.warn('could not record progress', { error });
    }
    wanted = (same) => same; // the writer has it
    await turn.whileParked('status', () => world.clock.sleep(backoffMs(failures, LONGEST_PAUSE_MS), lease.signal));
  }
}
