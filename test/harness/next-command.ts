import { execFile } from 'node:child_process';
import { dirname, join } from 'node:path';
import type { Scene } from './scene.ts';
import { type Ended, stagesetctl } from './stagesetctl.ts';

const ourBin = join(import.meta.dirname, '..', '..', 'bin');

/** What `stagesetctl` answers about the scene's cluster and namespace. */
export function ask(scene: Scene, ...args: readonly string[]): Promise<Ended> {
  return stagesetctl([...args, '-n', scene.namespace], { env: { KUBECONFIG: scene.plane.kubeconfigPath } });
}

/** Runs a command that we told somebody to run, in a shell, as they would. */
export function runNext({ plane }: Scene, command: string): Promise<Ended> {
  const path = [dirname(plane.toolset.binary('kubectl')), ourBin, process.env.PATH].join(':');
  const env = { ...process.env, PATH: path, KUBECONFIG: plane.kubeconfigPath };
  return new Promise((resolve) => {
    const child = execFile('/bin/sh', ['-c', command], { env, timeout: 60_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), stdout, stderr });
    });
    child.stdin?.end();
  });
}
