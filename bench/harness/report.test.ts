import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quantile, table } from './report.ts';

test('digits stand below digits, notes below notes', () => {
  const rows = [
    ['wall time', '12.00 s', 'to the end'],
    ['requests', '7'],
  ] as const;
  assert.equal(
    table({ title: 'a bench', rows, figures: {} }),
    ['a bench', '', '  wall time  12.00 s  to the end', '  requests         7'].join('\n'),
  );
});

test('a quantile is one of the values: the smallest that so many are not above', () => {
  const values = [5, 1, 4, 2, 3];
  assert.equal(quantile(values, 0.5), 3);
  assert.equal(quantile(values, 0.95), 5);
  assert.equal(quantile(values, 0), 1);
  assert.equal(quantile([7], 0.95), 7);
});
