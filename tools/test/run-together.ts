import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { RunOptions } from './run-files.ts';
import { sum, type Tally } from './tally.ts';

const program = join(import.meta.dirname, 'run-share.ts');

interface ShareOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly stdio: 'inherit' | 'ignore';
}

interface TogetherOptions extends RunOptions {
  /** Where the tests tell how they go. */
  readonly stdio?: 'inherit' | 'ignore';
}

/**
 * Test files that need nothing but this process, a share of them in each of several: to start one takes longer than
 * most of them run.
 */
export async function runTogether(
  files: readonly string[],
  { env, concurrency, stdio = 'inherit' }: TogetherOptions,
): Promise<Tally> {
  const shares = Array.from({ length: concurrency }, (_, i) => files.filter((_file, at) => at % concurrency === i));
  return sum(
    await Promise.all(shares.filter((share) => share.length > 0).map((share) => runShare(share, { env, stdio }))),
  );
}

/** One that ends before it has told its tally has failed as a whole. */
async function runShare(files: readonly string[], { env, stdio }: ShareOptions): Promise<Tally> {
  const child = fork(program, files, { env, stdio: ['ignore', stdio, 'inherit', 'ipc'] });
  let tally: Tally | undefined;
  child.on('message', (told) => {
    tally = told as Tally;
  });
  const [code, signal] = await once(child, 'exit');
  if (tally !== undefined && code === 0) return tally;
  console.log(
    `the process of ${files.length} test files ended with ${signal ?? code} before it had told how they went`,
  );
  return { passed: 0, failed: 1 };
}
