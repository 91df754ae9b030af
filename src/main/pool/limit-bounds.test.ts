import assert from 'node:assert/strict';
import { test } from 'node:test';
import { limitBounds } from './limit-bounds.ts';

test('auto: from one to twice the CPU quota, beginning with the quota', () => {
  assert.deepEqual(limitBounds('auto', 'auto', 4), { min: 1, start: 4, max: 8 });
});

test('--workers-max bounds auto, above the quota and below it', () => {
  assert.deepEqual(limitBounds('auto', 16, 4), { min: 1, start: 4, max: 16 });
  assert.deepEqual(limitBounds('auto', 2, 4), { min: 1, start: 2, max: 2 });
});

test('a number pins it, whatever the bound', () => {
  assert.deepEqual(limitBounds(3, 2, 4), { min: 3, start: 3, max: 3 });
});
