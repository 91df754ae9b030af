import assert from 'node:assert/strict';
import { test } from 'node:test';
import { randomFrom, seeds } from '../../../test/support/seeds.ts';
import { DueTimes } from './due-times.ts';

for (const seed of seeds()) {
  test(`the earliest is at hand, whatever was set, moved or deleted (seed ${seed})`, () => {
    const random = randomFrom(seed);
    const due = new DueTimes();
    let plain: { readonly key: string; readonly atMs: number }[] = [];
    for (let step = 0; step < 5_000; step += 1) {
      const key = `key-${random.below(200)}`;
      const atMs = random.below(500);
      const before = plain.find((entry) => entry.key === key);
      const deletes = random.below(3) === 0;
      if (deletes) due.delete(key);
      else due.set(key, atMs);
      if (deletes || before?.atMs !== atMs) plain = plain.filter((entry) => entry.key !== key);
      if (!deletes && before?.atMs !== atMs) plain.push({ key, atMs });

      const first = plain.toSorted((a, b) => a.atMs - b.atMs)[0];
      assert.deepEqual([due.first?.key, due.first?.atMs, due.size], [first?.key, first?.atMs, plain.length]);
    }
  });
}
