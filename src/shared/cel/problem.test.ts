import assert from 'node:assert/strict';
import { test } from 'node:test';
import { celProblem } from './problem.ts';

const sound = [
  "status.phase == 'Running'",
  "status.phase in ['Pending', 'Provisioning']",
  'status.availableReplicas >= 3',
  'has(status.conditions) && status.conditions.exists(c, c.type == "Ready" && c.status == "True")',
  "status.conditions.filter(e, e.type == 'Ready').all(e, e.observedGeneration == metadata.generation)",
  "status.?phase.orValue('') == 'Running'",
  "timestamp(metadata.creationTimestamp) + duration('1h') < timestamp('2030-01-01T00:00:00Z')",
  "status.phase ==\n  'Running' && // for good\n  !has(metadata.deletionTimestamp)",
  "int(metadata.annotations['count']) > 2 ? true : metadata.name.matches('^a.*')",
];

for (const expression of sound) {
  test(`${JSON.stringify(expression)} compiles`, () => {
    assert.equal(celProblem(expression), undefined);
  });
}

test('a long chain of one operator is not nested', () => {
  for (const operator of [' && ', ' || ', ' + ']) {
    assert.equal(celProblem(Array(500).fill('true').join(operator)), undefined);
  }
});

test('a function that Flux has not, or that we have not, is named', () => {
  assert.equal(celProblem('bytes(metadata.name).hex() == "00"'), 'there is no function hex');
  assert.equal(celProblem('lookUp(metadata.name)'), 'there is no function lookUp');
});

const broken = [
  '',
  ' ',
  'status.',
  "status.phase = 'Running'",
  '(',
  "'open",
  'a b',
  'true and false',
  '[1, 2',
  'a.exists(1, true)',
];
for (const expression of [...broken, '('.repeat(5_000), '-'.repeat(8_000), '1+'.repeat(4_000), 'a'.repeat(10_000)]) {
  test(`${JSON.stringify(expression.slice(0, 30))} does not, and one line says why`, () => {
    assert.match(celProblem(expression) ?? '', /^[^\n]+$/);
  });
}
