import assert from 'node:assert/strict';
import { test } from 'node:test';
import { doneWithin } from './within.ts';

test('work that ends in time is done, and what it throws comes through', () => {
  let done = 0;
  assert.equal(
    doneWithin(1_000, () => {
      done += 1;
    }),
    true,
  );
  assert.equal(done, 1);
  const boom = new Error('boom');
  assert.throws(
    () =>
      doneWithin(1_000, () => {
        throw boom;
      }),
    boom,
  );
});

test('work without end ends, whatever it catches', () => {
  const stubborn = () => {
    for (;;) {
      try {
        for (;;);
      } catch {}
    }
  };
  assert.equal(doneWithin(10, stubborn), false);
});
