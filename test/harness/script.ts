import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { promisify } from 'node:util';
import { eventually } from '../../tools/control-plane/eventually.ts';

/** One of our npm scripts as somebody runs it without a terminal, with a temporary folder of its own to be left empty. */
export interface Script {
  /** What it has printed so far, both streams. */
  readonly output: string;
  /** Resolves with what matched. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  signal(signal: NodeJS.Signals): void;
  readonly exitCode: Promise<number | null>;
  /** Processes that have to do with it, and files of it. */
  traces(): Promise<readonly string[]>;
  /** The process that runs this file for it. */
  pidOf(file: string): Promise<number>;
}

const root = join(import.meta.dirname, '..', '..');

export async function startScript(t: TestContext, entry: string, args: readonly string[] = []): Promise<Script> {
  const folder = await mkdtemp(join(tmpdir(), 'script-'));
  const child = spawn(process.execPath, [join(root, entry), ...args], {
    env: { ...process.env, TMPDIR: folder },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const exitCode = once(child, 'close').then(([code]) => code as number | null);
  t.after(async () => {
    child.kill('SIGKILL');
    await exitCode;
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });
  const processes = () => processesNaming(folder, child.pid);
  return {
    get output() {
      return output;
    },
    printed: (pattern) =>
      eventually(
        () => {
          const match = pattern.exec(output);
          if (match === null) throw new Error(`it has not printed ${pattern}:\n${output}`);
          return match;
        },
        { timeoutMs: 90_000 },
      ),
    signal: (signal) => void child.kill(signal),
    exitCode,
    traces: async () => [...(await processes()).map(({ command }) => command), ...(await readdir(folder))],
    async pidOf(file) {
      const found = (await processes()).find(({ command }) => command.includes(file));
      if (found === undefined) throw new Error(`no process runs ${file}`);
      return found.pid;
    },
  };
}

/** Whatever a control plane starts has a path below the temporary folder among its arguments. */
async function processesNaming(folder: string, except: number | undefined) {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-ww', '-o', 'pid=,args=']);
  return stdout.split('\n').flatMap((line) => {
    const [, pid, command = ''] = /^\s*(\d+) (.*)$/.exec(line) ?? [];
    return command.includes(folder) && Number(pid) !== except ? [{ pid: Number(pid), command }] : [];
  });
}
