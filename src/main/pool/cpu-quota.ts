import { availableParallelism } from 'node:os';
import { type ReadCgroupFile, readCgroupFile } from './cgroup.ts';

/** How many CPUs the process may keep busy, at least 1: its cgroup's quota, no more than the machine has. */
export function cpuQuota(read: ReadCgroupFile = readCgroupFile, cpus: number = availableParallelism()): number {
  const quota = quotaOfV2(read) ?? quotaOfV1(read) ?? cpus;
  return Math.max(1, Math.min(cpus, Math.floor(quota)));
}

/** `<microseconds> <period>`, or `max <period>` without a limit. */
function quotaOfV2(read: ReadCgroupFile): number | undefined {
  const [quota, period] = read('cpu.max')?.trim().split(' ') ?? [];
  return cpusOf(quota, period);
}

/** A quota of -1 is no limit. */
function quotaOfV1(read: ReadCgroupFile): number | undefined {
  return cpusOf(read('cpu/cpu.cfs_quota_us'), read('cpu/cpu.cfs_period_us'));
}

function cpusOf(quota: string | undefined, period: string | undefined): number | undefined {
  const cpus = Number(quota) / Number(period);
  return cpus > 0 && Number.isFinite(cpus) ? cpus : undefined;
}
