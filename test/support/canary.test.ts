import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CANARY, canariesIn } from './canary.ts';

const ways: readonly (readonly [name: string, tell: (secret: string) => string])[] = [
  ['in words', (secret) => `the password "${secret}" is too short`],
  ['in capitals', (secret) => secret.toUpperCase()],
  ['in a URL', (secret) => `https://${encodeURIComponent(secret)}@shop.example/`],
  ['percent-encoded', (secret) => secret.replace('-', '%2D')],
  ['in hexadecimal', (secret) => Buffer.from(`x${secret}`).toString('hex')],
  ...['', 'a', 'ab', 'abc'].flatMap((before) =>
    ['', 'z', 'zz'].map((behind): (typeof ways)[number] => [
      `in base64, between "${before}" and "${behind}"`,
      (secret) => Buffer.from(`${before}${secret}${behind}`).toString('base64'),
    ]),
  ),
  ['in base64 of URLs', (secret) => Buffer.from(`?${secret}>`).toString('base64url')],
];

for (const [name, tell] of ways) {
  test(`a secret is seen ${name}`, () => {
    assert.equal(canariesIn(`{"msg":"before ${tell(CANARY)} after"}`).length > 0, true);
    assert.deepEqual(canariesIn(`{"msg":"before ${tell('hunter3-parrot')} after"}`), []);
  });
}

test('another secret is seen in the same ways, and any token', () => {
  assert.equal(canariesIn('Bearer 0f1e2d3c4b', ['0f1e2d3c4b']).length > 0, true);
  assert.equal(canariesIn('Bearer eyJhbGciOiJSUzI1NiIs.e30.sig').length, 1);
});
