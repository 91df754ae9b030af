import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createByteBudget, defaultByteBudget } from './byte-budget.ts';
import { memoryLimitBytes } from './memory-limit.ts';

const GiB = 1024 ** 3;

const cases: readonly { readonly name: string; readonly files: Record<string, string>; readonly want: number }[] = [
  { name: 'no cgroup: the machine', files: {}, want: 16 * GiB },
  { name: 'v2: the limit', files: { 'memory.max': `${GiB}\n` }, want: GiB },
  { name: 'v2 without a limit: the machine', files: { 'memory.max': 'max\n' }, want: 16 * GiB },
  { name: 'v1: the limit', files: { 'memory/memory.limit_in_bytes': `${2 * GiB}\n` }, want: 2 * GiB },
  { name: 'v1 without a limit', files: { 'memory/memory.limit_in_bytes': '9223372036854771712\n' }, want: 16 * GiB },
];

for (const { name, files, want } of cases) {
  test(`memory: ${name}`, () =>
    assert.equal(
      memoryLimitBytes((path) => files[path], 16 * GiB),
      want,
    ));
}

test('half of the memory by default, or what the flag says', () => {
  assert.equal(defaultByteBudget(512 * 1024 * 1024), 256 * 1024 * 1024);
  assert.equal(createByteBudget(1_000).total, 1_000);
  assert.ok(createByteBudget().total > 0);
});
