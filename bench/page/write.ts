import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../harness/report.ts';
import { drawCurve } from './curve.ts';
import { type Numbers, readNumbers, saveNumbers, withKept } from './numbers.ts';
import { curves, withNumbers } from './page.ts';
import { withClaims } from './readme.ts';

const root = join(import.meta.dirname, '..', '..');

/** Keeps a report among the numbers that the documentation tells of, and writes that anew. */
export async function keep(bench: string, { title, figures }: Report): Promise<void> {
  const kept = { bench, title, at: new Date().toISOString(), cpus: cpus().length, figures };
  const numbers = withKept(await readNumbers(), kept);
  await saveNumbers(numbers);
  await writePages(numbers);
}

/** What the documentation is to hold, by file. */
export async function pagesOf(numbers: Numbers): Promise<Readonly<Record<string, string>>> {
  const [tuning, readme] = await Promise.all(
    ['docs/tuning.md', 'README.md'].map((file) => readFile(join(root, file), 'utf8')),
  );
  const drawn = Object.entries(curves(numbers)).map(
    ([file, curve]) => [`docs/bench/${file}`, drawCurve(curve)] as const,
  );
  return {
    'docs/tuning.md': withNumbers(tuning ?? '', numbers),
    'README.md': withClaims(readme ?? '', numbers),
    ...Object.fromEntries(drawn),
  };
}

export async function writePages(numbers: Numbers): Promise<void> {
  await mkdir(join(root, 'docs', 'bench'), { recursive: true });
  for (const [file, text] of Object.entries(await pagesOf(numbers))) await writeFile(join(root, file), text);
}
