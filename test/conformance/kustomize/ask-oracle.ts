import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { kustomizeOracle, oracleBinary } from '../../../tools/oracles/oracle-binary.ts';
import { type Answer, bytesOf, type KustomizeCase, type Tree } from './case.ts';
import { kindOfError } from './error-kinds.ts';

/** The answer of the real tool, run on a folder of its own. */
export async function askOracle({
  files,
  path,
  filesFrom,
}: KustomizeCase): Promise<Answer & { readonly stderr: string }> {
  const binary = await oracleBinary(kustomizeOracle);
  const dir = await mkdtemp(join(tmpdir(), 'kustomize-case-'));
  try {
    await writeTree(dir, files);
    const restrictor = filesFrom === 'artifact' ? ['--load-restrictor', 'LoadRestrictionsNone'] : [];
    const { code, stdout, stderr } = await run(binary, ['build', ...restrictor, path === '' ? '.' : path], dir);
    return code === 0 ? { yaml: stdout, stderr } : { problem: kindOfError(stderr), stderr };
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
}

export async function writeTree(dir: string, files: Tree): Promise<void> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), bytesOf(text));
  }
}

interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Without a home or a proxy that leads anywhere: what is remote must fail, and at once. */
function run(binary: string, args: readonly string[], cwd: string): Promise<Finished> {
  const env = { PATH: '/nonexistent', HOME: cwd, HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };
  const child = spawn(binary, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() });
    });
  });
}
