import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { randomFrom } from '../../support/seeds.ts';
import type { AnsweredCase } from './answered.ts';
import { type Answer, askFlux, type Question } from './ask.ts';
import { randomQuestion } from './random-question.ts';
import { disagreement } from './verdict.ts';

const BATCH = 5_000;
const found = new URL('testdata/found.json', import.meta.url);

/** Asks about random objects for a while. What we disagree about is made small, kept and fails the suite from then on. */
export function fuzz(seconds: number): void {
  const endMs = performance.now() + seconds * 1000;
  let asked = 0;
  while (performance.now() < endMs) {
    const seed = Math.floor(Math.random() * 1e9);
    const random = randomFrom(seed);
    const [failing] = disagreed(Array.from({ length: BATCH }, () => randomQuestion(random)));
    asked += BATCH;
    if (failing === undefined) continue;
    const small = shrink(failing);
    keep({ name: `found by seed ${seed}`, ...small });
    console.log(`seed ${seed}: ${disagreement(small, small.answer)}`);
    process.exitCode = 1;
    return;
  }
  console.log(`${asked} random objects, no disagreement`);
}

type Disagreed = Question & { readonly answer: Answer };

function disagreed(questions: readonly Question[]): readonly Disagreed[] {
  const answers = askFlux(questions);
  return questions
    .map((question, at) => ({ ...question, answer: answers[at] ?? {} }))
    .filter(({ answer, ...question }) => isComparable(answer) && disagreement(question, answer) !== undefined);
}

/** What we mean to see otherwise, or have to. */
const departures: readonly RegExp[] = [
  // Went wrong where kustomize printed Flux's result once more.
  /^(UnmarshalJSON|no resource)/,
  // Our parser is kinder: it takes what follows a flow collection on its line (`[a]b: c`) for the next entry, `&` alone
  // for an anchor, `!` for a tag whatever follows, and knows the escape `\\/`.
  /did not find expected (key|alphabetic|tag)|mapping values are not allowed|unknown escape/,
];

function isComparable({ error = '' }: Answer): boolean {
  return departures.every((departure) => !departure.test(error));
}

function shrink(question: Disagreed): Disagreed {
  const smaller = smallerValues(question.object).map((object) => ({ object, variables: question.variables }));
  const [next] = disagreed(smaller.filter(({ object }) => isNamedMap(object)));
  return next === undefined ? question : shrink(next);
}

function isNamedMap(object: unknown): boolean {
  const { kind, apiVersion, metadata } = object as { kind?: unknown; apiVersion?: unknown; metadata?: unknown };
  return kind === 'ConfigMap' && apiVersion === 'v1' && JSON.stringify(metadata) === '{"name":"settings"}';
}

/** The value with one thing less in it, in every way. */
function smallerValues(value: unknown): readonly unknown[] {
  if (typeof value === 'string') return Array.from(value, (_, at) => value.slice(0, at) + value.slice(at + 1));
  if (Array.isArray(value)) {
    return value.flatMap((item, at) => [
      value.toSpliced(at, 1),
      ...smallerValues(item).map((other) => value.with(at, other)),
    ]);
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => {
    const { [key]: _, ...rest } = value as Record<string, unknown>;
    const keys = smallerValues(key).map((other) => ({ ...rest, [String(other)]: item }));
    return [rest, ...smallerValues(item).map((other) => ({ ...rest, [key]: other })), ...keys];
  });
}

function keep(found_: AnsweredCase): void {
  const before: readonly AnsweredCase[] = existsSync(found) ? JSON.parse(readFileSync(found, 'utf8')) : [];
  writeFileSync(found, `${JSON.stringify([...before, found_], null, 1)}\n`);
}
