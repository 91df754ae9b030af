import { totalmem } from 'node:os';
import { type ReadCgroupFile, readCgroupFile } from './cgroup.ts';

/** Bytes the process may use: its cgroup's limit, else what the machine has. */
export function memoryLimitBytes(read: ReadCgroupFile = readCgroupFile, machineBytes: number = totalmem()): number {
  const limit = Number(read('memory.max') ?? read('memory/memory.limit_in_bytes'));
  // `max` is no number; version 1 says "no limit" by a number larger than any machine.
  return limit > 0 && limit < machineBytes ? limit : machineBytes;
}
