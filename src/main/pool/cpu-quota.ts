import { availableParallelism } from 'node:os';
import { type ReadCgroupFile, readCgroupFile } from './cgroup.ts';

/** How many CPUs' time the process may use, half ones too: its cgroup's quota, no more than the machine has. */
export function cpuAllowance(read: ReadCgroupFile = readCgroupFile, cpus: number = availableParallelism()): number {
  return Math.min(cpus, quotaOfV2(read) ?? quotaOfV1(read) ?? cpus);
}

/** How many CPUs it may keep busy, at least 1. */
export function cpuQuota(allowance: number = cpuAllowance()): number {
  return Math.max(1, Math.floor(allowance));
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
