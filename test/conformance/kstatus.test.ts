import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Readiness } from '../../src/shared/kstatus/readiness.ts';
import { readinessOf } from '../../src/shared/kstatus/readiness-of.ts';
import { allCases } from './kstatus/cases.ts';
import type { KstatusCase } from './kstatus/parts.ts';

interface Answered extends KstatusCase {
  readonly answer: { readonly status?: keyof typeof words; readonly message?: string; readonly error?: string };
}

const words = { Current: 'current', InProgress: 'inProgress', Failed: 'failed', Terminating: 'terminating' } as const;
const nowMs = Date.parse('2030-01-01T00:00:00Z');
const answered: readonly Answered[] = JSON.parse(
  readFileSync(new URL('kstatus/testdata/cases.json', import.meta.url), 'utf8'),
);

/** Where we mean to differ. */
function departure({ object, answer }: Answered): string | undefined {
  const isRunningJob = object.kind === 'Job' && answer.message?.startsWith('Job in progress.');
  return isRunningJob ? 'a running Job is not ready: a stage waits for it to complete, as in Flux' : undefined;
}

function expected({ answer }: Answered): Readiness {
  if (answer.status === undefined) return { is: 'unknown', message: '' };
  const is = words[answer.status];
  return is === 'current' ? { is } : { is, message: answer.message ?? '' };
}

/** An error's words are our own, and of what comes later kstatus tells nothing. */
function asKstatus(found: Readiness): Readiness {
  if (found.is === 'unknown') return { ...found, message: '' };
  return found.is === 'inProgress' ? { is: found.is, message: found.message } : found;
}

for (const asked of answered) {
  const reason = departure(asked);
  test(reason === undefined ? asked.name : `${asked.name} (departs: ${reason})`, () => {
    const found = readinessOf(asked.object, nowMs);
    const comparable = asKstatus(found);
    if (reason === undefined) assert.deepEqual(comparable, expected(asked));
    else assert.deepEqual(comparable, { is: 'inProgress', message: asked.answer.message });
  });
}

test('the answers are those to the cases as they are now', () => {
  const asked = answered.map(({ name, object }) => ({ name, object }));
  assert.deepEqual(asked, allCases());
  assert.equal(new Set(asked.map(({ name }) => name)).size, asked.length);
});

test('exactly the cases marked as departures depart', () => {
  const departing = answered.filter((asked) => departure(asked) !== undefined).map(({ name }) => name);
  assert.deepEqual(
    departing,
    answered.map(({ name }) => name).filter((name) => name.endsWith('(departure)')),
  );
});
