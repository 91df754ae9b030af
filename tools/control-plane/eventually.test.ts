import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from './eventually.ts';

test('asks until there is an answer', async () => {
  let asked = 0;
  const answer = await eventually(
    () => {
      asked += 1;
      assert.ok(asked >= 3);
      return asked;
    },
    { everyMs: 1 },
  );
  assert.equal(answer, 3);
});

test('at the end of the time the last error is thrown', async () => {
  let asked = 0;
  const question = () => assert.fail(`no answer to question ${++asked}`);
  await assert.rejects(eventually(question, { timeoutMs: 5, everyMs: 1 }), { message: /no answer to question \d+/ });
});

test('what makes waiting pointless ends it, with its reason', async () => {
  const unless = AbortSignal.abort(new Error('the server is gone'));
  await assert.rejects(
    eventually(() => assert.fail('not yet'), { unless }),
    /the server is gone/,
  );
});

test('asks less often the longer it waits', async () => {
  let asked = 0;
  await assert.rejects(eventually(() => assert.fail(`${++asked}`), { timeoutMs: 1_500 }));
  assert.ok(asked < 24, `asked ${asked} times`);
});
