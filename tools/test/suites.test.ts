import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { canShare } from './shares.ts';
import { patient, suitesOf, testFilePatterns } from './suites.ts';

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

test('those that wait need a cluster and share no process', async () => {
  const { cluster } = suitesOf(await Array.fromAsync(glob(testFilePatterns)), []);
  for (const file of patient) {
    assert.ok(cluster.includes(file), file);
    assert.ok(!canShare(file, await readFile(file, 'utf8')), file);
  }
});
