import { existsSync, readFileSync } from 'node:fs';
import type { Answer } from './ask.ts';
import type { NamedQuestion } from './cases.ts';

export interface AnsweredCase extends NamedQuestion {
  readonly answer: Answer;
}

/** The committed cases, and those that fuzzing found. */
export function answeredCases(file: 'cases.json' | 'found.json'): readonly AnsweredCase[] {
  const url = new URL(`testdata/${file}`, import.meta.url);
  return existsSync(url) ? JSON.parse(readFileSync(url, 'utf8')) : [];
}
