import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isNewer } from './resource-version.ts';

test('versions compare as numbers, however long', () => {
  assert.ok(isNewer('10', '9'));
  assert.ok(!isNewer('9', '10'));
  assert.ok(!isNewer('10', '10'));
  assert.ok(isNewer('90071992547409931', '90071992547409930'));
});

test('what is not a number is newer when it differs', () => {
  assert.ok(isNewer('abc', 'abd'));
  assert.ok(isNewer('007', '8'));
  assert.ok(!isNewer('abc', 'abc'));
});

test('any version is newer than none', () => {
  assert.ok(isNewer('1', undefined));
  assert.ok(!isNewer(undefined, undefined));
});
