import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseExact, stringifyExact } from './exact-json.ts';

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

test('what was written comes back, to the last digit', () => {
  const value = {
    big: 2n ** 63n,
    small: -9007199254740993n,
    near: 9007199254740991,
    half: 0.1234567890123456,
    text: '1234567890123456789',
  };
  assert.deepEqual(parseExact(stringifyExact(value)), value);
  assert.deepEqual(parseExact('{"a":[1,{"b":null}]}'), { a: [1, { b: null }] });
});
