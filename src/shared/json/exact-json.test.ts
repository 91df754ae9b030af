import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringifyExact } from './exact-json.ts';

test('an integer beyond 2^53 keeps its digits', () => {
  assert.equal(
    stringifyExact({ id: 18446744073709551615n, list: [-9223372036854775808n], n: 1.5, t: 'é' }),
    '{"id":18446744073709551615,"list":[-9223372036854775808],"n":1.5,"t":"é"}',
  );
});

test('without one it is plain JSON', () => {
  assert.equal(stringifyExact({ a: [null, true, -0, 1e21] }), '{"a":[null,true,0,1e+21]}');
});

test('what JSON cannot hold is still an error', () => {
  const loop: unknown[] = [];
  loop.push(loop);
  assert.throws(() => stringifyExact(loop), TypeError);
});
