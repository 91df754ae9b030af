import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuQuota } from './cpu-quota.ts';

const cases: readonly { readonly name: string; readonly files: Record<string, string>; readonly want: number }[] = [
  { name: 'no cgroup: the machine', files: {}, want: 8 },
  { name: 'v2 without a limit: the machine', files: { 'cpu.max': 'max 100000\n' }, want: 8 },
  { name: 'v2: three CPUs', files: { 'cpu.max': '300000 100000\n' }, want: 3 },
  { name: 'v2: a fraction is rounded down', files: { 'cpu.max': '250000 100000\n' }, want: 2 },
  { name: 'v2: less than one is one', files: { 'cpu.max': '50000 100000\n' }, want: 1 },
  { name: 'v2: never more than the machine has', files: { 'cpu.max': '6400000 100000\n' }, want: 8 },
  {
    name: 'v1: two CPUs',
    files: { 'cpu/cpu.cfs_quota_us': '200000\n', 'cpu/cpu.cfs_period_us': '100000\n' },
    want: 2,
  },
  {
    name: 'v1 without a limit: the machine',
    files: { 'cpu/cpu.cfs_quota_us': '-1\n', 'cpu/cpu.cfs_period_us': '100000\n' },
    want: 8,
  },
];

for (const { name, files, want } of cases) {
  test(name, () =>
    assert.equal(
      cpuQuota((path) => files[path], 8),
      want,
    ),
  );
}

test('here it is a whole number of at least one', () => {
  assert.ok(Number.isInteger(cpuQuota()) && cpuQuota() >= 1);
});
