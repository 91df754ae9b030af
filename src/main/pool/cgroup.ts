import { readFileSync } from 'node:fs';

/** Reads one file of the process's cgroup; undefined where there is none. Container runtimes mount their own at the root. */
export type ReadCgroupFile = (path: string) => string | undefined;

export const readCgroupFile: ReadCgroupFile = (path) => {
  try {
    return readFileSync(`/sys/fs/cgroup/${path}`, 'utf8');
  } catch {
    return undefined;
  }
};
