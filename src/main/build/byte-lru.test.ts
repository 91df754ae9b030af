import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ByteLru } from './byte-lru.ts';

test('what was used least recently goes first', () => {
  const cache = new ByteLru<string>(10);
  cache.put('a', 'A', 4);
  cache.put('b', 'B', 4);
  cache.get('a');
  cache.put('c', 'C', 4);
  assert.deepEqual([cache.get('a'), cache.get('b'), cache.get('c')], ['A', undefined, 'C']);
  assert.equal(cache.bytes, 8);
  assert.equal(cache.dropped, 1);
});

test('a value over the limit is not kept and drives nothing out', () => {
  const cache = new ByteLru<string>(10);
  cache.put('a', 'A', 4);
  cache.put('big', 'B', 11);
  assert.deepEqual([cache.get('a'), cache.get('big')], ['A', undefined]);
  assert.equal(cache.dropped, 0);
});

test('a key put again counts once', () => {
  const cache = new ByteLru<string>(10);
  cache.put('a', 'A', 4);
  cache.put('a', 'AA', 6);
  assert.equal(cache.bytes, 6);
});

test('what is to be dropped first goes before what was used longer ago, but not at once', () => {
  const cache = new ByteLru<string>(10);
  cache.put('a', 'A', 4);
  cache.put('secret', 'S', 4, { dropFirst: true });
  cache.get('secret');
  cache.put('b', 'B', 4);
  assert.deepEqual([cache.get('a'), cache.get('secret'), cache.get('b')], ['A', undefined, 'B']);
  cache.put('secret', 'S', 4, { dropFirst: true });
  assert.equal(cache.get('secret'), 'S');
  assert.equal(cache.bytes, 8);
});
