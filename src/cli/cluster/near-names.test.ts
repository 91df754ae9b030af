import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearNames } from './near-names.ts';

const names = ['payments', 'payments-eu', 'platform', 'web'];

test('a slip of the finger finds its name, and a part of a name the whole', () => {
  assert.deepEqual(nearNames('paymnets', names), ['payments']);
  assert.deepEqual(nearNames('payments-us', names), ['payments', 'payments-eu']);
  assert.deepEqual(nearNames('platf', names), ['platform']);
  assert.deepEqual(nearNames('wep', names), ['web']);
});

test('what is far from all is near none', () => {
  assert.deepEqual(nearNames('orders', names), []);
  assert.deepEqual(nearNames('x', names), []);
});

test('three at most', () => {
  assert.equal(nearNames('app', ['app-1', 'app-2', 'app-3', 'app-4']).length, 3);
});
