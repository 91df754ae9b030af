import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { asLine, wrapped } from './spans.ts';

const line = ['ab', ['green', '✔ cd'], '', ['dim', 'ef\n  gh']] as const;

test('a line ends where the terminal does, and says that it was cut', () => {
  const rows: readonly [columns: number, shown: string][] = [
    [20, 'ab✔ cdef gh'],
    [11, 'ab✔ cdef gh'],
    [10, 'ab✔ cdef …'],
    [6, 'ab✔ cd'],
    [5, 'ab✔ …'],
    [2, 'ab'],
    [1, '…'],
    [0, ''],
  ];
  for (const [columns, shown] of rows) assert.equal(asLine(line, columns, false), shown, `${columns} columns`);
});

test('colors change nothing but the color', () => {
  const colored = asLine(line, 10, true);
  assert.ok(colored.includes('\x1b[32m✔ cd\x1b[39m'));
  assert.equal(stripVTControlCharacters(colored), asLine(line, 10, false));
});

test('text wraps between words; a word longer than a line stands alone', () => {
  assert.deepEqual(wrapped('one two three', 7), ['one two', 'three']);
  assert.deepEqual(wrapped('one twothreefour five', 7), ['one', 'twothreefour', 'five']);
  assert.deepEqual(wrapped('', 7), ['']);
});
