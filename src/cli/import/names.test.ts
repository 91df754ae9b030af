import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stageName } from './names.ts';

test('a name becomes one that a stage may have', () => {
  assert.equal(stageName('Web.eu_1'), 'web-eu-1');
  assert.equal(stageName('-'), 'app');
  assert.equal(stageName('a'.repeat(70)), 'a'.repeat(63));
});

test('what tells two of them apart is not cut', () => {
  assert.equal(stageName('a'.repeat(70), '-wave-1'), `${'a'.repeat(56)}-wave-1`);
});
