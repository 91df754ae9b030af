import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '../harness/report.ts';

/** Reports that the documentation tells of, as they were measured. */
export type Numbers = readonly Kept[];

export interface Kept {
  readonly bench: string;
  /** Names its sizes, so that one of each is kept. */
  readonly title: string;
  readonly at: string;
  readonly cpus: number;
  readonly figures: Report['figures'];
}

const file = join(import.meta.dirname, 'numbers.json');

export async function readNumbers(): Promise<Numbers> {
  return JSON.parse(await readFile(file, 'utf8'));
}

export async function saveNumbers(numbers: Numbers): Promise<void> {
  await writeFile(file, `${JSON.stringify(numbers, null, 2)}\n`);
}

/** A newer report takes the place of the one with its title. */
export function withKept(numbers: Numbers, kept: Kept): Numbers {
  const others = numbers.filter(({ title }) => title !== kept.title);
  return [...others, kept].toSorted((a, b) => (a.title < b.title ? -1 : 1));
}

export function figuresOf<T>(numbers: Numbers, bench: string): readonly T[] {
  return numbers.filter((kept) => kept.bench === bench).map(({ figures }) => figures as T);
}
