import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { test } from 'node:test';
import { eventually } from './control-plane/eventually.ts';

const wrapper = join(import.meta.dirname, 'node24.mjs');

test('what it runs ends with whoever started it, kill -9 included', async () => {
  const asNpm = `require('node:child_process').spawn(process.execPath, process.argv.slice(1), { stdio: 'inherit' })`;
  const npm = spawn(process.execPath, ['-e', asNpm, wrapper, 'tools/testdata/stays.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const pid = await firstNumber(npm.stdout);
  npm.kill('SIGKILL');
  await eventually(async () => assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' }));
});

test('no shell stands between npm and what may run for long', async () => {
  const { scripts } = JSON.parse(await readFile(join(import.meta.dirname, '..', 'package.json'), 'utf8'));
  for (const name of ['test', 'test:unit', 'demo', 'dev', 'bench']) assert.match(scripts[name], /^exec node /, name);
});

async function firstNumber(lines: NodeJS.ReadableStream): Promise<number> {
  for await (const line of createInterface(lines)) return Number(line);
  throw new Error('it said nothing');
}
