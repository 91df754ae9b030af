import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goFloatText, plainFloatText } from './go-float.ts';
import { Scalar } from './node.ts';
import { plainScalar, quotedText, rewritten } from './scalars.ts';
import { splitFieldPath, splitPath } from './split-path.ts';

test('a scalar is a value where that says all, and else keeps its text', () => {
  assert.deepEqual(['web', '80', '1.5', 'true', 'null', 'on', 'e3', '18446744073709551615'].map(plainScalar), [
    'web',
    80,
    1.5,
    true,
    null,
    'on',
    'e3',
    18446744073709551615n,
  ]);
  for (const [text, tag] of [
    ['0750', 'int'],
    ['1_500', 'int'],
    ['1.0', 'float'],
    ['2e3', 'float'],
    ['.inf', 'float'],
    ['True', 'bool'],
    ['~', 'null'],
    ['', 'null'],
    ['2030-12-31', 'timestamp'],
  ] as const) {
    assert.deepEqual(plainScalar(text), new Scalar(tag, text));
  }
});

test('what is written into quotes is text, what is not is what it reads as', () => {
  assert.deepEqual(rewritten(quotedText('2'), '12'), quotedText('12'));
  assert.equal(rewritten('e2', '12'), 12);
  assert.equal(rewritten(2, 'x2'), 'x2');
});

test('floats as Go prints them', () => {
  assert.deepEqual(
    [0, 1.5, 999999, 1e6, 1234567, 1e-4, 1e-5, -2.5e20].map((value) => goFloatText(value)),
    ['0', '1.5', '999999', '1e+06', '1.234567e+06', '0.0001', '1e-05', '-2.5e+20'],
  );
  assert.deepEqual([1e21, 1.5e-7, -1.25e22].map(plainFloatText), [
    '1000000000000000000000',
    '0.00000015',
    '-12500000000000000000000',
  ]);
});

test('paths', () => {
  assert.deepEqual(splitPath('/metadata/annotations/a.b\\/c', '/'), ['metadata', 'annotations', 'a.b/c']);
  assert.deepEqual(splitFieldPath('spec.c.[name=a.b].x\\.y.[k.l/m]'), ['spec', 'c', '[name=a.b]', 'x.y', 'k.l/m']);
});
