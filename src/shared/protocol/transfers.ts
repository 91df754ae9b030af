import type { TaskName, Tasks } from './tasks.ts';

/** Which buffers of a task move across, instead of being copied; shared ones are in neither list. */
export const transfers: {
  readonly [N in TaskName]: {
    readonly input: (input: Tasks[N]['input']) => readonly ArrayBuffer[];
    readonly output: (output: Tasks[N]['output']) => readonly ArrayBuffer[];
  };
} = {
  unpack: { input: ({ archive }) => [archive], output: () => [] },
  build: { input: () => [], output: (answer) => (answer.is === 'built' ? [answer.plan.bodies] : []) },
  judge: { input: () => [], output: () => [] },
};
