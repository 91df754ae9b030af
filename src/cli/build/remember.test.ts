import assert from 'node:assert/strict';
import { test } from 'node:test';
import { remember } from './remember.ts';

test('what is equal is made once, for all who ask at once as well', async () => {
  const made: string[] = [];
  const shout = remember(JSON.stringify, async ({ word }: { readonly word: string }) => {
    made.push(word);
    return word.toUpperCase();
  });
  assert.deepEqual(await Promise.all([shout({ word: 'a' }), shout({ word: 'b' }), shout({ word: 'a' })]), [
    'A',
    'B',
    'A',
  ]);
  assert.deepEqual(made, ['a', 'b']);
});
