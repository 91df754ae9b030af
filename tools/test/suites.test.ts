import assert from 'node:assert/strict';
import { glob } from 'node:fs/promises';
import { test } from 'node:test';
import { longest, longestFirst, suitesOf, testFilePatterns } from './suites.ts';

const files = ['test/integration/a.test.ts', 'src/main/a.test.ts', 'test/harness/b.test.ts', 'test/failure/c.test.ts'];

const rows: readonly (readonly [
  args: readonly string[],
  light: readonly string[],
  unit: readonly string[],
  cluster: readonly string[],
])[] = [
  [[], ['src/main/a.test.ts'], ['test/harness/b.test.ts'], ['test/failure/c.test.ts', 'test/integration/a.test.ts']],
  [['unit'], ['src/main/a.test.ts'], ['test/harness/b.test.ts'], []],
  [['unit', 'harness'], [], ['test/harness/b.test.ts'], []],
  [['a.test.ts'], ['src/main/a.test.ts'], [], ['test/integration/a.test.ts']],
  [['test/failure/c.test.ts', 'harness/'], [], ['test/harness/b.test.ts'], ['test/failure/c.test.ts']],
  [['no such'], [], [], []],
];

for (const [args, light, unit, cluster] of rows) {
  test(`npm test ${args.join(' ')}`, () => assert.deepEqual(suitesOf(files, args), { light, unit, cluster }));
}

test('the longest begin first, and each of them is there', async () => {
  const all = await Array.fromAsync(glob(testFilePatterns));
  const { cluster } = suitesOf(all, []);
  assert.equal(longestFirst(cluster)[0], 'test/failure/leases.test.ts');
  assert.deepEqual(
    longest.filter((file) => !all.includes(file)),
    [],
  );
});
