import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Refused } from './refused.ts';
import { Shares } from './shares.ts';

function scene() {
  const shares = new Shares();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (peer: string, what: string) =>
    shares.run(peer, () => {
      begun.push(what);
      return new Promise<void>((resolve) => ends.set(what, resolve));
    });
  const end = async (what: string) => {
    (ends.get(what) ?? assert.fail(`${what} has not begun`))();
    await settled();
  };
  return { shares, begun, ask, end };
}

/** All that can go on without anything more has gone on. */
function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

test('one peer has two slots and four places in line, and the rest is refused', async () => {
  const { begun, ask, end } = scene();
  const asked = Array.from({ length: 8 }, (_, i) => ask('a', `a${i}`));
  const refused = await Promise.allSettled(asked.slice(6));
  assert.ok(refused.every((each) => each.status === 'rejected' && each.reason instanceof Refused));
  assert.deepEqual(begun, ['a0', 'a1']);
  for (let i = 0; i < 6; i += 1) await end(`a${i}`);
  await Promise.all(asked.slice(0, 6));
  assert.deepEqual(begun, ['a0', 'a1', 'a2', 'a3', 'a4', 'a5']);
});

test('who comes beside one that floods begins at once, beside two when a slot is free and it is its turn', async () => {
  const { begun, ask, end } = scene();
  const flood = (peer: string) => Promise.allSettled(Array.from({ length: 9 }, (_, i) => ask(peer, `${peer}${i}`)));
  void flood('a');
  void ask('b', 'b0');
  await settled();
  assert.deepEqual(begun, ['a0', 'a1', 'b0']);
  await end('b0');
  void flood('c');
  void ask('d', 'd0');
  await settled();
  assert.deepEqual(begun.slice(3), ['c0', 'c1']);
  for (const what of ['a0', 'c0', 'a1', 'c1']) await end(what);
  assert.ok(begun.slice(5, 8).includes('d0'), `each has had a turn: ${begun}`);
});

test('work that fails gives its slot back', async () => {
  const { shares, begun, ask, end } = scene();
  const fails = () => Promise.reject(new Error('no'));
  for (let i = 0; i < 9; i += 1) await assert.rejects(shares.run('a', fails), /^Error: no$/);
  const asked = ask('a', 'a0');
  await settled();
  assert.deepEqual(begun, ['a0']);
  await end('a0');
  await asked;
});
