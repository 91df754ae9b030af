import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join } from 'node:path';
import type { Report } from '../harness/report.ts';
import { drawCurve } from './curve.ts';
import { type Numbers, readNumbers, saveNumbers, withKept } from './numbers.ts';
import { curves, withNumbers } from './page.ts';

const docs = join(import.meta.dirname, '..', '..', 'docs');

/** Keeps a report among the numbers that the documentation tells of, and writes that anew. */
export async function keep(bench: string, { title, figures }: Report): Promise<void> {
  const kept = { bench, title, at: new Date().toISOString(), cpus: cpus().length, figures };
  const numbers = withKept(await readNumbers(), kept);
  await saveNumbers(numbers);
  await writePages(numbers);
}

/** What `docs` is to hold, by file. */
export async function pagesOf(numbers: Numbers): Promise<Readonly<Record<string, string>>> {
  const tuning = await readFile(join(docs, 'tuning.md'), 'utf8');
  const drawn = Object.entries(curves(numbers)).map(([file, curve]) => [`bench/${file}`, drawCurve(curve)] as const);
  return { 'tuning.md': withNumbers(tuning, numbers), ...Object.fromEntries(drawn) };
}

export async function writePages(numbers: Numbers): Promise<void> {
  await mkdir(join(docs, 'bench'), { recursive: true });
  for (const [file, text] of Object.entries(await pagesOf(numbers))) await writeFile(join(docs, file), text);
}
