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

test('one larger than the budget counts as what it is, and nobody joins it', async () => {
  const budget = createBudget(10);
  const { granted, ask } = asker(budget);
  const huge = await ask('huge', 1_000);
  assert.equal(budget.reserved, 1_000);
  const next = ask('next', 1);
  huge.resize(10);
  await settle();
  assert.deepEqual(granted, ['huge']);
  huge.resize(9);
  (await next).release();
});

test('what turns out smaller lets the next one in; what turns out larger counts, and waits for nobody', async () => {
  const budget = createBudget(10);
  const { granted, ask } = asker(budget);
  const a = await ask('a', 8);
  const b = ask('b', 5);
  a.resize(5);
  await b;
  a.resize(20);
  assert.equal(budget.reserved, 25);
  const c = ask('c', 1);
  (await b).release();
  await settle();
  assert.deepEqual(granted, ['a', 'b']);
  a.release();
  (await c).release();
  assert.equal(budget.reserved, 0);
});

test('a part that is split off lives on its own', async () => {
  const budget = createBudget(10);
  const whole = await budget.reserve(10);
  const part = whole.split(4);
  assert.deepEqual([whole.amount, part.amount, budget.reserved], [6, 4, 10]);
  whole.release();
  assert.equal(budget.reserved, 4);
  assert.equal(part.split(9).amount, 4);
  assert.equal(part.amount, 0);
});

test('a released one holds nothing any more, whatever is asked of it', async () => {
  const budget = createBudget(10);
  const gone = await budget.reserve(4);
  gone.release();
  gone.resize(7);
  assert.deepEqual([gone.amount, gone.split(1).amount, budget.reserved], [0, 0, 0]);
});

test('a larger total lets those in that fit now; a smaller one takes nothing away', async () => {
  const budget = createBudget(2);
  const { granted, ask } = asker(budget);
  const [a, b] = [await ask('a', 1), await ask('b', 1)];
  const c = ask('c', 1);
  const d = ask('d', 1);
  budget.setTotal(3);
  await c;
  assert.deepEqual(granted, ['a', 'b', 'c']);
  budget.setTotal(1);
  assert.deepEqual([budget.total, budget.reserved], [1, 3]);
  a.release();
  b.release();
  await settle();
  assert.deepEqual(granted, ['a', 'b', 'c']);
  (await c).release();
  (await d).release();
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
