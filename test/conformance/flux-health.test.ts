import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { celProblem } from '../../src/shared/cel/problem.ts';
import { readinessByExprs } from '../../src/shared/kstatus/by-exprs.ts';
import { allCases, type HealthCase } from './flux-health/cases.ts';

interface Answered extends HealthCase {
  readonly answer: { readonly status?: keyof typeof words; readonly refused?: boolean; readonly error?: boolean };
}

const words = { Current: 'current', InProgress: 'in progress', Failed: 'failed' } as const;
const answered: readonly Answered[] = JSON.parse(
  readFileSync(new URL('flux-health/testdata/cases.json', import.meta.url), 'utf8'),
);

const whenEvaluated = 'a constant that is none is found out when it is evaluated';

/** What we answer otherwise, and why. */
const knownGaps: ReadonlyMap<string, string> = new Map([
  ["int('x') == 1", whenEvaluated],
  ["status.phase.matches('(')", whenEvaluated],
  ["status.phase.matches('(?=R)')", whenEvaluated],
  ["timestamp('nonsense') == timestamp('nonsense')", whenEvaluated],
  ["duration('1x') == duration('1s')", whenEvaluated],
  ['lookUp(status.phase)', 'a function that is not there is refused at once'],
  ['1 == 1u && 1 == 1.0 && 1u == 1.0', 'the library compares no literals of two kinds of whole numbers'],
  ["'%d of %s'.format([1, 'two']) == '1 of two'", 'format() is not there'],
]);

type Answer = (typeof words)[keyof typeof words] | 'refused' | 'no answer';

function ours({ object, exprs }: HealthCase): Answer {
  const texts = [exprs.inProgress, exprs.failed, exprs.current].filter((text) => text !== undefined);
  if (texts.some((text) => text !== '' && celProblem(text) !== undefined)) return 'refused';
  const readiness = readinessByExprs(object, exprs);
  if (readiness.is === 'inProgress') return readiness.message.includes('has no answer') ? 'no answer' : 'in progress';
  return readiness.is === 'current' || readiness.is === 'failed' ? readiness.is : 'no answer';
}

function theirs({ answer: { status, refused } }: Answered): Answer {
  if (refused === true) return 'refused';
  return status === undefined ? 'no answer' : words[status];
}

for (const asked of answered) {
  const gap = knownGaps.get(asked.name);
  test(gap === undefined ? asked.name : `${asked.name} (gap: ${gap})`, () => {
    if (gap === undefined) assert.equal(ours(asked), theirs(asked));
    else assert.notEqual(ours(asked), theirs(asked)); // closed? off the list
  });
}

test('the answers are those to the cases as they are now', () => {
  const asked = answered.map(({ answer: _, ...rest }) => rest);
  assert.deepEqual(asked, JSON.parse(JSON.stringify(allCases())));
  assert.equal(new Set(asked.map(({ name }) => name)).size, asked.length);
});

test('every gap is a case', () => {
  for (const name of knownGaps.keys())
    assert.ok(
      answered.some((asked) => asked.name === name),
      name,
    );
});
