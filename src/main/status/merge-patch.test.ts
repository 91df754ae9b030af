import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePatch } from './merge-patch.ts';

test('only what differs is sent', () => {
  const before = { a: 1, b: { c: 1, d: 2 }, e: [1], g: 'x' };
  const after = { a: 1, b: { c: 1, d: 3 }, e: [1, 2], f: 'new' };
  assert.deepEqual(mergePatch(before, after), { b: { d: 3 }, e: [1, 2], f: 'new', g: null });
});

test('equal values need no patch, in whatever order their fields come', () => {
  assert.equal(mergePatch({ a: { b: [{ c: 1, d: 2 }] } }, { a: { b: [{ d: 2, c: 1 }] } }), undefined);
});
