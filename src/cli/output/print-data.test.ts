import assert from 'node:assert/strict';
import { test } from 'node:test';
import { listOf, printData } from './print-data.ts';

const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'a', managedFields: [{ manager: 'm' }] } };

test('several objects are a List without managed fields', () => {
  assert.equal(
    printData(listOf([object]), 'yaml'),
    [
      'apiVersion: v1',
      'items:',
      '- apiVersion: v1',
      '  kind: X',
      '  metadata:',
      '    name: a',
      'kind: List',
      'metadata:',
      '  resourceVersion: ""',
      '',
    ].join('\n'),
  );
  assert.equal(printData({ a: [1] }, 'json'), '{\n    "a": [\n        1\n    ]\n}\n');
});

test('a list may stand alone', () => {
  assert.equal(printData([{ a: 1, b: 'yes' }, { a: 2 }], 'yaml'), '- a: 1\n  b: "yes"\n- a: 2\n');
});
