import { TaskError } from '../shared/protocol/task-error.ts';
import type { CancelFlag } from '../shared/protocol/tasks.ts';

/** Called between steps: a task stops at the next one after its flag was set. */
export function stopIfCancelled(flag: CancelFlag): void {
  if (Atomics.load(flag, 0) !== 0) throw new TaskError('cancelled', 'cancelled');
}
