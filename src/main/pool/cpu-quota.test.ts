import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cpuAllowance, cpuQuota } from './cpu-quota.ts';

const cases: readonly { readonly name: string; readonly files: Record<string, string>; readonly want: number }[] = [
  { name: 'no cgroup: the machine', files: {}, want: 8 },
  { name: 'v2 without a limit: the machine', files: { 'cpu.max': 'max 100000\n' }, want: 8 },
  { name: 'v2: three CPUs', files: { 'cpu.max': '300000 100000\n' }, want: 3 },
  { name: 'v2: two and a half', files: { 'cpu.max': '250000 100000\n' }, want: 2.5 },
  { name: 'v2: half a CPU', files: { 'cpu.max': '50000 100000\n' }, want: 0.5 },
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
      cpuAllowance((path) => files[path], 8),
      want,
    ),
  );
}

test('to keep busy: whole ones, at least one', () => {
  assert.deepEqual([0.5, 1, 2.5, 8].map(cpuQuota), [1, 1, 2, 8]);
});

test('here it is a whole number of at least one', () => {
  assert.ok(Number.isInteger(cpuQuota()) && cpuQuota() >= 1);
});
