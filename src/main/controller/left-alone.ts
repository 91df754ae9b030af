import { TaskError } from '../../shared/protocol/task-error.ts';
import { StageError } from '../outcome/outcome.ts';
import { FetchError } from '../source/fetch.ts';
import type { Pin } from '../source/pin.ts';
import { showLeftAlone } from './progress.ts';
import type { Run } from './world.ts';

/**
 * Works on a stage, but where update windows keep it at a revision that its source serves no more: without anything to
 * do `instead` it is left as it stands, which fails nothing. Undefined where it was.
 */
export async function unlessGone<T>(
  run: Run,
  pin: Pin,
  work: () => Promise<T>,
  instead?: () => Promise<T | undefined>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (!isHeldBack(run, pin) || !isGone(error)) throw error;
    const found = await instead?.();
    if (found !== undefined) return found;
    leaveAlone(run, pin.stage, pin.artifact.revision);
    return undefined;
  }
}

/** Nothing of it can be applied, and what stands stays. */
export function leaveAlone(run: Run, stage: string, revision: string): void {
  const because = `revision ${revision} cannot be had any more: what stands is left as it is, drift too, until the windows open`;
  run.remarks.set(stage, because);
  run.memory.builds.delete(stage); // else what drifts would be found to drift again as soon as the run is over
  run.log.info('stage left alone', { stage, because });
  showLeftAlone(run, stage, because);
}

function isHeldBack({ hold, newest = [] }: Run, { stage, artifact }: Pin): boolean {
  const latest = newest.find((pin) => pin.stage === stage);
  return hold !== undefined && latest?.artifact.digest !== artifact.digest;
}

/** Its source answers, and does not have it: nothing there, no leave to have it, or something else. */
function isGone(error: unknown): boolean {
  if (!(error instanceof StageError) || error.operation !== 'fetch artifact') return false;
  const { cause } = error;
  if (cause instanceof FetchError)
    return cause.code === 'NotFound' || (cause.code === 'HttpStatus' && !cause.retrySoon);
  return cause instanceof TaskError && cause.task === 'unpack';
}
