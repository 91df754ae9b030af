import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Budget, createBudget } from './budget.ts';

/** Asks and remembers in which order the answers came. */
function asker(budget: Budget) {
  const granted: string[] = [];
  return {
    granted,
    async ask(name: string, amount: number, signal?: AbortSignal) {
      const reservation = await budget.reserve(amount, signal);
      granted.push(name);
      return reservation;
    },
  };
}

const settle = () => new Promise(setImmediate);

test('what fits is granted at once, the rest waits for a release', async () => {
  const budget = createBudget(10);
  const { granted, ask } = asker(budget);
  const a = await ask('a', 6);
  const b = ask('b', 5);
  await settle();
  assert.deepEqual(granted, ['a']);
  assert.deepEqual([budget.reserved, budget.waiting], [6, 1]);
  a.release();
  await b;
  assert.deepEqual([budget.reserved, budget.waiting], [5, 0]);
});

test('a small request does not overtake a large one', async () => {
  const { granted, ask } = asker(createBudget(10));
  const a = await ask('a', 6);
  const large = ask('large', 10);
  const small = ask('small', 1);
  await settle();
  assert.deepEqual(granted, ['a']);
  a.release();
  (await large).release();
  await small;
  assert.deepEqual(granted, ['a', 'large', 'small']);
});

test('one larger than the budget runs alone', async () => {
  const budget = createBudget(10);
  const { granted, ask } = asker(budget);
  const a = await ask('a', 1);
  const huge = ask('huge', 1_000);
  await settle();
  assert.deepEqual(granted, ['a']);
  a.release();
  const held = await huge;
  const after = ask('after', 1);
  await settle();
  assert.deepEqual(granted, ['a', 'huge']);
  held.release();
  (await after).release();
  assert.equal(budget.reserved, 0);
});

test('releasing twice gives back once, and `using` releases', async () => {
  const budget = createBudget(10);
  const a = await budget.reserve(4);
  const b = await budget.reserve(4);
  a.release();
  a.release();
  assert.equal(budget.reserved, 4);
  b.release();
  {
    using held = await budget.reserve(3);
    assert.ok(held);
    assert.equal(budget.reserved, 3);
  }
  assert.equal(budget.reserved, 0);
});

test('giving up lets the next one in and holds nothing', async () => {
  const budget = createBudget(10);
  const a = await budget.reserve(6);
  const giveUp = new AbortController();
  const large = budget.reserve(9, giveUp.signal);
  const small = budget.reserve(2);
  giveUp.abort(new Error('superseded'));
  await assert.rejects(large, /superseded/);
  (await small).release();
  a.release();
  assert.deepEqual([budget.reserved, budget.waiting], [0, 0]);
});

test('an aborted signal is not even queued', async () => {
  const budget = createBudget(10);
  await assert.rejects(budget.reserve(1, AbortSignal.abort(new Error('late'))), /late/);
  assert.equal(budget.reserved, 0);
});

test('aborting after the grant changes nothing', async () => {
  const budget = createBudget(10);
  const abort = new AbortController();
  const held = await budget.reserve(3, abort.signal);
  abort.abort();
  assert.equal(budget.reserved, 3);
  held.release();
  assert.equal(budget.reserved, 0);
});
