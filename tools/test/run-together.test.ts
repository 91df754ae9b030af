import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { runTogether } from './run-together.ts';

test('what passes and what fails is counted, and a share that dies has failed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'together-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = async (name: string, body: string) => {
    const path = join(folder, name);
    await writeFile(path, `import { test } from 'node:test';\n${body}\n`);
    return path;
  };
  const passes = await file('passes.test.mjs', `test('a', () => {}); test('b', () => {});`);
  const fails = await file(
    'fails.test.mjs',
    `test('c', () => {}); test('d', () => { throw new Error('as it should'); });`,
  );
  const dies = await file('dies.test.mjs', `test('e', () => process.exit(7));`);
  const options = { env: process.env, concurrency: 2, stdio: 'ignore' } as const;
  assert.deepEqual(await runTogether([passes, passes], options), { passed: 4, failed: 0 });
  assert.deepEqual(await runTogether([passes, fails], options), { passed: 3, failed: 1 });
  assert.deepEqual(await runTogether([passes, dies], options), { passed: 2, failed: 1 });
  assert.deepEqual(await runTogether([], options), { passed: 0, failed: 0 });
});
