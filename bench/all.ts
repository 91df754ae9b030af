import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

/** What the documentation tells of, each in a process of its own, so that none is measured with what another left. */
export const wishes: readonly string[] = [
  'latencies',
  'pool',
  'fleet --stagesets=1000',
  'fleet --stagesets=2000',
  'fleet --stagesets=2000 --concurrent=4',
  'fleet --stagesets=2000 --concurrent=64',
  'fleet --stagesets=5000',
  'fleet --stagesets=10000',
  'converge --stagesets=200',
  'converge',
  'rollout',
  'steady',
  'restart',
  'stuck',
  'waiting',
  'big',
  'gate',
  'build',
  'yaml',
];

/** Resolves with how many of them have failed. */
export async function runAll(): Promise<number> {
  let failed = 0;
  for (const wish of wishes) {
    const args = [join(import.meta.dirname, 'bench.ts'), ...wish.split(' '), '--keep'];
    const [code] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
    if (code !== 0) failed += 1;
  }
  return failed;
}
