import type { Clock } from '../../shared/time/clock.ts';
import { formatDuration } from '../../shared/time/duration.ts';
import type { Log } from '../log/log.ts';
import { during, type Operation } from '../outcome/outcome.ts';
import { publicMessage } from '../outcome/public-message.ts';
import { isTimeUp } from '../outcome/time-up.ts';

const SLOW_MS = 30_000;

/** What of a run this needs. */
interface Timed {
  readonly world: { readonly clock: Clock };
  readonly log: Log;
}

/** `during`, and the log tells of an operation that took long or ran out of time: runbooks have you grep for that. */
export function takeStep<T>(run: Timed, stage: string, operation: Operation, work: () => Promise<T>): Promise<T> {
  return during(stage, operation, () => timed(run, { stage, step: operation }, work));
}

/** The same of what names its operation by itself. */
export async function timed<T>(
  { world, log }: Timed,
  what: { readonly stage: string; readonly step: string },
  work: () => Promise<T>,
): Promise<T> {
  const beganMs = world.clock.elapsedMs();
  const took = () => formatDuration(Math.round(world.clock.elapsedMs() - beganMs));
  try {
    return await work();
  } catch (error) {
    if (isTimeUp(error)) log.warn('timeout', { ...what, took: took(), error: publicMessage(error) });
    throw error;
  } finally {
    if (world.clock.elapsedMs() - beganMs >= SLOW_MS) log.info('slow', { ...what, took: took() });
  }
}
