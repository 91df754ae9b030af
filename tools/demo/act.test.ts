import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Act, type Hands, type PlayOptions, type Proof, play, Unproven } from './act.ts';

test('an act is played, then proven, in order', async () => {
  const diary: string[] = [];
  let asked = 0;
  const late: Proof = {
    that: 'it comes true after a while',
    expected: { pods: 3 },
    seen: async () => ({ pods: asked++ }),
  };
  await play(
    act([proof('it is so at once', 'yes', 'yes'), late], async () => void diary.push('done')),
    options({ proven: (that) => void diary.push(that) }),
  );
  assert.deepEqual(diary, ['done', 'it is so at once', 'it comes true after a while']);
  assert.equal(asked, 4);
});

test('what does not come true in time is told with what was expected and what was seen', async () => {
  const proven: string[] = [];
  const playing = play(
    act([proof('the first', 1, 1), proof('the second', { pods: 3 }, { pods: 2 }), proof('the third', 1, 1)]),
    options({ withinMs: 1, proven: (that) => void proven.push(that) }),
  );
  await assert.rejects(playing, (error) => {
    assert.ok(error instanceof Unproven);
    assert.equal(
      error.message,
      'this did not come true within 0.001 s: the second\n  expected  {"pods":3}\n  seen      {"pods":2}',
    );
    return true;
  });
  assert.deepEqual(proven, ['the first']);
});

test('an answer that is an error is what was seen', async () => {
  const failing: Proof = { that: 'it is there', expected: true, seen: async () => Promise.reject(new Error('404')) };
  await assert.rejects(play(act([failing]), options({ withinMs: 1 })), /seen {6}404$/);
});

test('a deed that fails ends the act', async () => {
  const refused = act([proof('never asked', 1, 1)], () => Promise.reject(new Error('refused')));
  await assert.rejects(play(refused, options({ proven: assert.fail })), /^Error: refused$/);
});

test('the signal ends the wait with its own reason', async () => {
  const ended = new AbortController();
  const waiting: Proof = {
    that: 'it never is',
    expected: true,
    async seen() {
      ended.abort(new Error('Ctrl-C'));
      return false;
    },
  };
  await assert.rejects(play(act([waiting]), options({ signal: ended.signal })), /^Error: Ctrl-C$/);
});

function act(proofs: readonly Proof[], does: Act['does'] = async () => {}): Act {
  return { title: 'Try', tells: 'See.', does, proofs };
}

function proof(that: string, expected: unknown, seen: unknown): Proof {
  return { that, expected, seen: async () => seen };
}

function options(parts: Partial<PlayOptions>): PlayOptions {
  const hands = {} as Hands;
  return { hands, withinMs: 10_000, signal: new AbortController().signal, proven: () => {}, ...parts };
}
