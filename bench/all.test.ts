import assert from 'node:assert/strict';
import { test } from 'node:test';
import { wishes } from './all.ts';
import { benches } from './benches.ts';

test('`all` runs every bench there is', () => {
  const named = new Set(wishes.map((wish) => wish.split(' ')[0]));
  assert.deepEqual([...named].toSorted(), Object.keys(benches).toSorted());
});
