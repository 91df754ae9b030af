import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import type { Scene } from './scene.ts';

/** As users start it. */
export const program = join(import.meta.dirname, '..', '..', 'bin', 'stagesetctl');
const home = await mkdtemp(join(tmpdir(), 'stagesetctl-'));
after(() => rm(home, { recursive: true }));

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

/** Of the environment it sees only the path and what is given; no kubeconfig, unless that is given. */
export function stagesetctl(args: readonly string[], { cwd = home, env = {}, input = '' }: Surroundings = {}) {
  const options = { cwd, env: { PATH: process.env.PATH, HOME: home, ...env }, timeout: 60_000 };
  return new Promise<Ended>((resolve) => {
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
    child.stdin?.end(input);
  });
}

let folders = 0;

/** A folder with these files, which is gone when the tests are over. */
export async function folderWith(files: Readonly<Record<string, string>>): Promise<string> {
  folders += 1;
  const folder = join(home, `folder-${folders}`);
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** Against the cluster of a scene, as its administrator, in its namespace. */
export function stagesetctlAt({ plane, namespace }: Pick<Scene, 'plane' | 'namespace'>, around: Surroundings = {}) {
  const env = { KUBECONFIG: plane.kubeconfigPath, ...around.env };
  return (...args: readonly string[]) => stagesetctl([...args, '-n', namespace], { ...around, env });
}
