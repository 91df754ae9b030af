import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cutTo, oneLine, widthOf } from './text-width.ts';

test('what a message says never steers the terminal', () => {
  assert.equal(oneLine(' a\n\tb \x1b[31mred\x1b[0m \x1b]0;title\x07 c\x08\u202e '), 'a b red c\ufffd\ufffd');
});

test('width counts columns, not characters', () => {
  assert.equal(widthOf('plain'), 5);
  assert.equal(widthOf('née'), 3);
  assert.equal(widthOf('ne\u0301e'), 3);
  assert.equal(widthOf('日本'), 4);
  assert.equal(widthOf('🚀'), 2);
});

test('what is too long is cut with an ellipsis', () => {
  assert.equal(cutTo('abcdef', 6), 'abcdef');
  assert.equal(cutTo('abcdefg', 6), 'abcde…');
  assert.equal(widthOf(cutTo('日本語だ', 4)), 3);
});
