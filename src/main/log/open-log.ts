import { systemClock } from '../../shared/time/clock.ts';
import { FloodGuard } from './flood-guard.ts';
import { createLog, type Log } from './log.ts';
import { type LogSettings, logWishes } from './log-wishes.ts';
import { LogSink, standardOutput } from './sink.ts';

/** How long the end of the process waits for a reader of its last lines. */
const LAST_LINES_MS = 1_000;

export interface OpenLog {
  readonly log: Log;
  /** Resolves when all is written, or nobody reads it. */
  drained(): Promise<void>;
}

/** The log of the process, on standard output. */
export function openLog(settings: LogSettings): OpenLog {
  const options = { ...logWishes(settings), clock: systemClock };
  const sink = new LogSink({
    ...standardOutput(),
    missing(lines) {
      const told: string[] = [];
      const remark = createLog({ ...options, write: (line) => told.push(line) });
      remark.error('log lines are missing: they came faster than they were read', { lines });
      return told.join('');
    },
  });
  process.once('exit', () => sink.flush());
  return {
    log: createLog({ ...options, guard: new FloodGuard(systemClock), write: sink.take }),
    drained: () => Promise.race([sink.drained(), systemClock.sleep(LAST_LINES_MS)]),
  };
}
