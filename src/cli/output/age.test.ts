import assert from 'node:assert/strict';
import { test } from 'node:test';
import { age, ageSince } from './age.ts';

const s = 1_000;
const m = 60 * s;
const h = 60 * m;
const d = 24 * h;
const y = 365 * d;

// As k8s.io/apimachinery/pkg/util/duration prints them.
const ages: readonly [ms: number, printed: string][] = [
  [-2 * s, '<invalid>'],
  [-1.5 * s, '0s'],
  [0, '0s'],
  [999, '0s'],
  [119 * s, '119s'],
  [2 * m, '2m'],
  [2 * m + 5 * s, '2m5s'],
  [10 * m - 1, '9m59s'],
  [10 * m + 30 * s, '10m'],
  [3 * h - 1, '179m'],
  [3 * h, '3h'],
  [7 * h + 5 * m, '7h5m'],
  [8 * h + 59 * m, '8h'],
  [2 * d - 1, '47h'],
  [2 * d, '2d'],
  [2 * d + 4 * h, '2d4h'],
  [8 * d + 5 * h, '8d'],
  [2 * y - 1, '729d'],
  [2 * y, '2y'],
  [3 * y + 4 * d, '3y4d'],
  [9 * y + 4 * d, '9y'],
];

for (const [ms, printed] of ages) {
  test(`${ms} ms is ${printed}`, () => assert.equal(age(ms), printed));
}

test('an age needs a time', () => {
  assert.equal(ageSince('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:03:00Z')), '3m');
  assert.equal(ageSince(undefined, 0), '<unknown>');
});
