import assert from 'node:assert/strict';
import { test } from 'node:test';
import { objectsOf } from './read-input.ts';

const item = { metadata: { name: 'web' } };
const whole = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', ...item };

test('a list of one kind gives its items, which are of that kind', () => {
  const list = { apiVersion: 'argoproj.io/v1alpha1', kind: 'ApplicationList', metadata: {}, items: [item, whole] };
  assert.deepEqual(objectsOf(list), [whole, whole]);
  assert.deepEqual(objectsOf({ ...list, items: null }), []);
});

test('what is in a List tells itself what it is', () => {
  assert.deepEqual(objectsOf({ apiVersion: 'v1', kind: 'List', items: [whole, item] }), [whole, item]);
});

test('without items it is an object, whatever it is called', () => {
  for (const each of [whole, { apiVersion: 'x/v1', kind: 'WishList', spec: {} }]) {
    assert.deepEqual(objectsOf(each), [each]);
  }
});
