import { spawn } from 'node:child_process';
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const root = join(import.meta.dirname, '..');

interface Check {
  readonly name: string;
  readonly script: string;
  readonly args: readonly string[];
  readonly mend: string;
}

const checks: readonly Check[] = [
  { name: 'types', script: 'node_modules/.bin/tsc', args: ['-p', '.'], mend: 'mend the places named above' },
  {
    name: 'lint and format',
    script: 'node_modules/.bin/biome',
    args: ['check', '--error-on-warnings'],
    mend: '`npm run format` mends what can be mended by itself',
  },
  { name: 'generated files', script: 'tools/generate.ts', args: ['--check'], mend: '`npm run generate`, then commit' },
];

export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
}

/** All at once; tells on standard output what failed and how to mend it. */
export async function runChecks(): Promise<readonly CheckResult[]> {
  return await Promise.all(checks.map(runCheck));
}

async function runCheck({ name, script, args, mend }: Check): Promise<CheckResult> {
  const file = await realpath(join(root, script));
  const child = spawn(process.execPath, [file, ...args], { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  const passed = code === 0;
  console.log(passed ? `✔ ${name}` : `${out}${err}✖ ${name}: ${mend}`);
  return { name, passed };
}
