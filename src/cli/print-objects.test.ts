import assert from 'node:assert/strict';
import { test } from 'node:test';
import { printBetween, printEach } from './print-objects.ts';

const objects = [
  { kind: 'A', apiVersion: 'v1', list: ['yes', 'a\nb\n'], id: 18446744073709551615n },
  { kind: 'B', data: { a: '***' } },
];
const first = 'apiVersion: v1\nid: 18446744073709551615\nkind: A\nlist:\n- "yes"\n- |\n  a\n  b\n';
const second = "data:\n  a: '***'\nkind: B\n";

test('between objects, or before each, stands ---', () => {
  assert.equal(printBetween(objects, 'yaml'), `${first}---\n${second}`);
  assert.equal(printEach(objects, 'yaml'), `---\n${first}---\n${second}`);
  assert.equal(printEach([], 'yaml'), '');
});

test('JSON is a line an object', () => {
  const lines =
    '{"kind":"A","apiVersion":"v1","list":["yes","a\\nb\\n"],"id":18446744073709551615}\n{"kind":"B","data":{"a":"***"}}\n';
  assert.equal(printBetween(objects, 'json'), lines);
  assert.equal(printEach(objects, 'json'), lines);
});
