import assert from 'node:assert/strict';
import { test } from 'node:test';
import { closingLine, sum, tallyOf } from './tally.ts';

test('skipped, cancelled and postponed tests have failed', () => {
  assert.deepEqual(tallyOf({ success: true, counts: { tests: 25, passed: 10 } }), { passed: 10, failed: 15 });
});

test('a run without success has at least one failure', () => {
  assert.deepEqual(tallyOf({ success: false, counts: { tests: 10, passed: 10 } }), { passed: 10, failed: 1 });
  assert.deepEqual(tallyOf({ success: false, counts: { tests: 10, passed: 7 } }), { passed: 7, failed: 3 });
});

test('the closing line tells the sum', () => {
  const tallies = [
    { passed: 1, failed: 0 },
    { passed: 20, failed: 3 },
  ];
  assert.equal(closingLine(sum(tallies)), '21 passed, 3 failed');
  assert.equal(closingLine(sum([])), '0 passed, 0 failed');
});
