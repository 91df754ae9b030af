import { basename, join } from 'node:path';
import { finished } from 'node:stream/promises';
import { run } from 'node:test';
import { spec } from 'node:test/reporters';
import { type Tally, tallyOf } from './tally.ts';

const preload = join(import.meta.dirname, '..', '..', 'test', 'harness', 'preload.ts');

export interface RunOptions {
  readonly env: NodeJS.ProcessEnv;
  /** So many at a time, begun in the order given. */
  readonly concurrency: number;
}

/** Each file in a process of its own, told on standard output. */
export async function runFiles(files: readonly string[], { env, concurrency }: RunOptions): Promise<Tally> {
  let tally: Tally = { passed: 0, failed: 0 };
  if (files.length === 0) return tally; // node would look for files of its own choice
  const events = run({
    files,
    concurrency,
    timeout: 600_000,
    execArgv: ['--import', preload],
    env,
  });
  events.on('test:summary', (summary) => {
    if (summary.file === undefined) tally = tallyOf(summary); // the others are per file
  });
  const emptyFiles: string[] = [];
  events.on('test:pass', ({ name, file }) => {
    if (name === file) emptyFiles.push(basename(file)); // node counts a file without tests as a test that passed
  });
  const report = events.compose(spec);
  report.pipe(process.stdout, { end: false });
  await finished(report);
  if (emptyFiles.length > 0) console.log(`without any test: ${emptyFiles.join(', ')}`);
  return { passed: tally.passed - emptyFiles.length, failed: tally.failed + emptyFiles.length };
}
