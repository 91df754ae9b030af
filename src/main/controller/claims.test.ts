import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Claims } from './claims.ts';

test('a claim lasts for one rollout', () => {
  const claims = new Claims();
  claims.begin('1');
  claims.stage('app');
  claims.adopted('b');
  claims.begin('1');
  assert.deepEqual([claims.has('app', 'a'), claims.has('web', 'b'), claims.has('web', 'a')], [true, true, false]);
  claims.begin('2');
  assert.deepEqual([claims.has('app', 'a'), claims.has('web', 'b')], [false, false]);
});
