import { autoCountFlag, bytesFlag } from '../kinds.ts';

export const capacityFlags = {
  workers: autoCountFlag({
    name: 'workers',
    min: 1,
    max: 256,
    help: 'Tasks (unpacking, building) in flight at once, each on a thread. auto: begins with the CPU quota, grows while tasks queue and CPU is free, shrinks when idle.',
  }),
  workersMax: autoCountFlag({
    name: 'workers-max',
    min: 1,
    max: 256,
    help: 'How far --workers=auto may grow. auto: twice the CPU quota of the container, for a thread between two tasks leaves its CPU to another.',
  }),
  workerMemoryBytes: bytesFlag({
    name: 'worker-memory',
    atLeast: '32Mi', // in less no thread even starts, and V8 then ends the process
    help: 'Heap limit of one worker thread, 32Mi at least. 0: 512Mi, or less in a small container.',
  }),
  memoryBudgetBytes: bytesFlag({
    name: 'memory-budget',
    help: 'Most bytes of downloads, unpacked artifacts and plans in flight. 0: half of what the container may use.',
  }),
  buildCacheBytes: bytesFlag({
    name: 'build-cache',
    help: 'Most bytes of finished builds kept for reuse. 0: 256Mi, or less in a small container.',
  }),
} as const;
