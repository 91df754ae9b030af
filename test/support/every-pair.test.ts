import assert from 'node:assert/strict';
import { test } from 'node:test';
import { everyPair } from './every-pair.ts';

test('any two choices meet, in far fewer rows than there are combinations', () => {
  const switches = Object.fromEntries([...'abcdefgh'].map((name) => [name, ['1', '2', '3']]));
  const rows = everyPair(switches);
  for (const a of Object.keys(switches)) {
    for (const b of Object.keys(switches)) {
      for (const x of ['1', '2', '3']) {
        for (const y of ['1', '2', '3']) {
          if (a !== b) assert.ok(rows.some((row) => row[a] === x && row[b] === y));
        }
      }
    }
  }
  assert.ok(rows.length < 30, String(rows.length));
});
