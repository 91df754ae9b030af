import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mergePatch, patched } from './merge-patch.ts';

test('only what differs is sent', () => {
  const before = { a: 1, b: { c: 1, d: 2 }, e: [1], g: 'x' };
  const after = { a: 1, b: { c: 1, d: 3 }, e: [1, 2], f: 'new' };
  assert.deepEqual(mergePatch(before, after), { b: { d: 3 }, e: [1, 2], f: 'new', g: null });
});

test('equal values need no patch, in whatever order their fields come', () => {
  assert.equal(mergePatch({ a: { b: [{ c: 1, d: 2 }] } }, { a: { b: [{ d: 2, c: 1 }] } }), undefined);
});

test('a patch made of two values turns the one into the other', () => {
  const before = { a: 1, b: { c: 1, d: 2 }, e: [1], g: 'x', h: { i: 1 } };
  const after = { a: 1, b: { d: 3 }, e: [], f: { deep: { er: true } }, h: 'text' };
  assert.deepEqual(patched(before, mergePatch(before, after) ?? {}), after);
});

test('what a patch does not name stays', () => {
  assert.deepEqual(patched({ theirs: 1, both: { theirs: 2 } }, { both: { ours: 3 } }), {
    theirs: 1,
    both: { theirs: 2, ours: 3 },
  });
});
