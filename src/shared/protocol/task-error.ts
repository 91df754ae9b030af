import type { TaskFailure, TaskFailureCode, TaskName } from './tasks.ts';

/** Why a task failed: thrown where it is found out in a worker, and again by the pool on the main thread. */
export class TaskError extends Error {
  readonly code: TaskFailureCode;
  /** Which task failed, as the main thread knows it: a code alone does not tell a bad archive from a bad stage. */
  readonly task: TaskName | undefined;

  /** The message is fit for a status: it names the file or object and holds nothing secret. */
  constructor(code: TaskFailureCode, message: string, { task, ...options }: TaskErrorOptions = {}) {
    super(message, options);
    this.name = 'TaskError';
    this.code = code;
    this.task = task;
  }
}

interface TaskErrorOptions extends ErrorOptions {
  readonly task?: TaskName;
}

/** Only a TaskError's message is known to be fit to show; of anything else its class and place are told, no more. */
export function failureOf(error: unknown): TaskFailure {
  if (error instanceof TaskError) return { code: error.code, message: error.message };
  if (!(error instanceof Error)) return { code: 'internal', message: `unexpected ${typeof error} thrown in a worker` };
  return { code: 'internal', message: `unexpected ${error.name} in a worker${placeOf(error)}` };
}

/** ` at scalars.ts:12:3`, from the first line of the stack that names a file of ours or of a package. */
function placeOf(error: Error): string {
  const frame = error.stack?.match(/^ {4}at .*?([\w.-]+\.[cm]?[jt]s:\d+:\d+)\)?$/m);
  return frame === undefined || frame === null ? '' : ` at ${frame[1]}`;
}
