import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answeredCases } from './envsubst/answered.ts';
import { allCases } from './envsubst/cases.ts';
import { disagreement } from './envsubst/verdict.ts';

const answered = answeredCases('cases.json');

for (const { name, answer, ...question } of [...answered, ...answeredCases('found.json')]) {
  test(name, () => assert.equal(disagreement(question, answer), undefined));
}

test('the answers are those to the cases as they are now', () => {
  assert.deepEqual(
    answered.map(({ answer, ...asked }) => asked),
    JSON.parse(JSON.stringify(allCases())),
  );
});

test('many cases succeed and many fail', () => {
  const failed = answered.filter(({ answer }) => answer.error !== undefined).length;
  assert.ok(failed > 100 && answered.length - failed > 250, `${failed} of ${answered.length} fail`);
});
