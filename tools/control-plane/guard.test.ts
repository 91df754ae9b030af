import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { openGuard } from './guard.ts';
import { isAlive, untilGone } from './liveness.ts';

test('close ends the processes, what they started, and the folder', async () => {
  const guard = await openGuard();
  const logFile = join(guard.dir, 'log');
  const shell = await guard.start({ file: '/bin/sh', args: ['-c', 'sleep 300 & echo $!; wait'], logFile });
  const grandchild = await firstLine(logFile);
  assert.ok(isAlive(shell.pid) && isAlive(grandchild));
  await guard.close();
  await untilGone([shell.pid, grandchild, guard.pid], 5_000);
  assert.equal(existsSync(guard.dir), false);
});

test('a stopped process is ended too', async () => {
  const guard = await openGuard();
  const sleeper = await guard.start({ file: 'sleep', args: ['300'], logFile: join(guard.dir, 'log') });
  sleeper.signal('SIGSTOP');
  await guard.close();
  assert.deepEqual(await sleeper.exited, { code: null, signal: 'SIGKILL' });
  assert.equal(isAlive(sleeper.pid), false);
});

test('how a process ended is told, and its output kept', async () => {
  await using guard = await openGuard();
  const logFile = join(guard.dir, 'log');
  const child = await guard.start({ file: '/bin/sh', args: ['-c', 'echo out; echo err >&2; exit 7'], logFile });
  assert.deepEqual(await child.exited, { code: 7, signal: null });
  assert.equal(await readFile(logFile, 'utf8'), 'out\nerr\n');
});

test('a program that is not there is an error', async () => {
  await using guard = await openGuard();
  await assert.rejects(guard.start({ file: '/no/such/program', args: [], logFile: join(guard.dir, 'log') }), /ENOENT/);
});

test('a log that cannot be opened is an error', async () => {
  await using guard = await openGuard();
  await assert.rejects(guard.start({ file: 'true', args: [], logFile: join(guard.dir, 'no/log') }), /ENOENT/);
});

test('one whose owner is gone before it has begun leaves no folder', async (t) => {
  const parentDir = await mkdtemp(join(tmpdir(), 'guard-'));
  t.after(() => rm(parentDir, { recursive: true }));
  const guardProcess = join(import.meta.dirname, 'guard-process.ts');
  const orphan = spawn(process.execPath, [guardProcess, parentDir, 'left-'], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  orphan.disconnect();
  const [code] = await once(orphan, 'exit');
  assert.equal(code, 0);
  assert.deepEqual(await readdir(parentDir), []);
});

for (const signal of ['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
  test(`nothing survives when the process it guards for gets ${signal}`, async () => {
    const guarded = spawn(process.execPath, ['--input-type=module', '--eval', sleepUnderGuard], {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface(guarded.stdout), 'line')) as [string];
    const { dir, pids } = JSON.parse(line) as { dir: string; pids: number[] };
    assert.ok(pids.every(isAlive) && existsSync(dir));
    guarded.kill(signal);
    await untilGone(pids, 5_000);
    assert.equal(existsSync(dir), false);
  });
}

const sleepUnderGuard = `
  import { openGuard } from './guard.ts';
  const guard = await openGuard();
  const sleeper = await guard.start({ file: 'sleep', args: ['300'], logFile: guard.dir + '/log' });
  console.log(JSON.stringify({ dir: guard.dir, pids: [sleeper.pid, guard.pid] }));
`;

async function firstLine(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8');
    if (text.endsWith('\n')) return Number.parseInt(text, 10);
  }
}
