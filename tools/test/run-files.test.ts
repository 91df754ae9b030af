import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type TestContext, test } from 'node:test';
import { eventually } from '../control-plane/eventually.ts';
import { untilGone } from '../control-plane/liveness.ts';

test('what did not run has failed: skipped, postponed, empty and broken files', async (t) => {
  const run = await runOf(t, {
    'mixed.test.ts': `
      test('good', () => undefined);
      test('bad', () => assert.fail());
      test.skip('skipped', () => undefined);
      test.todo('postponed');`,
    'empty.test.ts': '',
    'broken.test.ts': 'throw new Error("broken")',
    'after.test.ts': `
      test('good', () => undefined);
      after(() => assert.fail());`,
  });
  const output = await text(run.stdout!);
  assert.match(output, /without any test: empty\.test\.ts/);
  assert.match(output, /\{"passed":2,"failed":6\}\s*$/);
});

test('a file that leaves something open fails and tells what', async (t) => {
  const run = await runOf(t, {
    'leaking.test.ts': `
      test('good', () => undefined);
      setInterval(() => undefined, 1_000);`,
  });
  const output = await text(run.stdout!);
  assert.match(output, /still open: .*Timeout/);
  assert.match(output, /\{"passed":1,"failed":1\}\s*$/);
});

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT'] as const) {
  test(`a test process does not outlive a runner that gets ${signal}`, async (t) => {
    const pidFile = join(await temporaryFolder(t), 'pid');
    const run = await runOf(t, {
      'endless.test.ts': `
        test('endless', async () => {
          await writeFile(${JSON.stringify(pidFile)}, String(process.pid));
          await new Promise((resolve) => setTimeout(resolve, 100_000));
        });`,
    });
    const pid = await eventually(async () => Number(await readFile(pidFile, 'utf8')));
    run.kill(signal);
    await untilGone([pid, run.pid!], 5_000);
  });
}

/** The runner in a process of its own, over files of these contents. */
async function runOf(t: TestContext, sources: Readonly<Record<string, string>>): Promise<ChildProcess> {
  const folder = await temporaryFolder(t);
  const files = Object.entries(sources).map(([name, source]) => ({ path: join(folder, name), source }));
  for (const { path, source } of files) await writeFile(path, `${preamble}${source}`);
  const runner = join(folder, 'runner.ts');
  await writeFile(
    runner,
    `import { runFiles } from ${JSON.stringify(join(import.meta.dirname, 'run-files.ts'))};
    console.log(JSON.stringify(await runFiles(${JSON.stringify(files.map(({ path }) => path))}, { env: process.env, concurrency: 2 })));`,
  );
  return spawn(process.execPath, [runner], {
    stdio: ['ignore', 'pipe', 'inherit'],
    // Without a context, else it takes itself for a test file's process.
    env: { ...process.env, NODE_TEST_CONTEXT: undefined, STAGESET_TEST_GRACE_MS: '500' },
  });
}

const preamble = `
  import assert from 'node:assert/strict';
  import { writeFile } from 'node:fs/promises';
  import { after, test } from 'node:test';
`;

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'stageset-run-'));
  t.after(() => rm(folder, { recursive: true }));
  return folder;
}
