import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rereadBlock } from './block-scalar.ts';

const folded: readonly (readonly [value: string, reread: string | undefined])[] = [
  ['one two\nthree\n', 'one two\nthree\n'],
  ['one\n  deeper\ntwo\n', 'one\n\n  deeper\ntwo\n'],
  ['one\n\n  deeper', 'one\n\n\n  deeper'],
  ['kept\n\n', 'kept\n\n\n'],
  ['  deeper\none\ntwo\n', '  deeper\none two\n'],
  ['\none\n  deeper', '\none\n\n  deeper'],
  ['blank at the end \n  deeper', 'blank at the end \n  deeper'],
  ['one 😀\n  deeper', 'one 😀\n  deeper'],
  ['\ttab', undefined],
  ['\n', '\n'],
  ['', ''],
];

for (const [value, reread] of folded) {
  test(`folded, ${JSON.stringify(value)} is read again as ${JSON.stringify(reread)}`, () => {
    assert.equal(rereadBlock(value, 'folded'), reread);
  });
}

test('literal text stays as it is, unless it begins with a tab', () => {
  for (const value of ['a\n  b\n\n', '  a', '\n\n', 'a \nb', ' \ttab', '\t \n']) {
    assert.equal(rereadBlock(value, 'literal'), value);
  }
  assert.equal(rereadBlock('\ttab\n', 'literal'), undefined);
});
