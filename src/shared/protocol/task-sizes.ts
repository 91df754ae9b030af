import { taskLimits } from './limits.ts';
import { TaskError } from './task-error.ts';
import type { TaskName, Tasks } from './tasks.ts';

/** Bytes in buffers, moved or shared: the rest of a task is small, and lies in the heap that V8 limits. */
const bufferBytes: {
  readonly [N in TaskName]: {
    readonly input: (input: Tasks[N]['input']) => number;
    readonly output: (output: Tasks[N]['output']) => number;
  };
} = {
  unpack: { input: ({ archive }) => archive.byteLength, output: ({ files }) => files.byteLength },
  build: {
    input: ({ files }) => files.byteLength,
    output: (answer) => (answer.is === 'built' ? answer.plan.bodies.byteLength : 0),
  },
  judge: { input: () => 0, output: () => 0 },
};

/** Before it is sent to a worker. */
export function refuseLargeInput<N extends TaskName>(name: N, input: Tasks[N]['input']): void {
  refusePast(taskLimits[name].inputBytes, bufferBytes[name].input(input), `what this ${name} is given`);
}

/** Before it is sent back. */
export function refuseLargeOutput<N extends TaskName>(name: N, output: Tasks[N]['output']): void {
  refusePast(taskLimits[name].outputBytes, bufferBytes[name].output(output), `what this ${name} makes`);
}

function refusePast(limitBytes: number, bytes: number, what: string): void {
  if (bytes <= limitBytes) return;
  throw new TaskError('limitExceeded', `${what} is over ${limitBytes / 1024 / 1024} MiB`);
}
