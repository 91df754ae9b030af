import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskSecrets } from './mask-secrets.ts';

const token = 'tr0ub4dor&3-x/y+z';
const base64 = (text: string) => Buffer.from(text).toString('base64');

const covered: readonly [name: string, text: string, secret: string, wanted: string][] = [
  ['as it is', `no such token ${token}.`, token, 'no such token ***&***.'],
  ['as part of a header', 'got "s3cret-t0ken"', 'Bearer s3cret-t0ken', 'got "***"'],
  ['cut', 's3cret-… is wrong', 'Bearer s3cret-t0ken', '***… is wrong'],
  ['in other case', 'S3CRET-T0KEN', 's3cret-t0ken', '***'],
  ['in base64', `x ${base64('s3cret-t0ken')}`, 's3cret-t0ken', 'x ***'],
  [
    'decoded from Basic',
    'no user jane, password s3cret',
    `Basic ${base64('jane:s3cret')}`,
    'no user ***, password ***',
  ],
  ['in hex', Buffer.from(token).toString('hex').toUpperCase(), token, '***'],
  ['in a query', `?t=${encodeURIComponent(token)}`, token, '?t=***'],
  ['in JSON', JSON.stringify({ t: 'a\\b"ünï-c0de' }), 'a\\b"ünï-c0de', '{"t":"***\\\\***\\"***"}'],
  ['a value of a JSON body', 'pin 123 of j4ne-d0e', '{"user":"j4ne-d0e","pin":"123"}', '*** *** of ***'],
  ['a value of a form', 'no pass wörd-1', 'user=jane&pass=wörd-1', 'no *** ***'],
  ['short', 'pin 42 in 1422', '42', 'pin *** in 1422'],
];

for (const [name, text, secret, wanted] of covered) {
  test(`a secret ${name}`, () => assert.equal(maskSecrets(text, [secret]), wanted));
}

test('base64 of a text around it, wherever it begins', () => {
  const secret = 's3cret-t0ken';
  for (const before of ['', 'a', 'ab', 'abc']) {
    const shown = maskSecrets(base64(`${before}${secret} and after`), [secret]);
    const encoded = base64(secret);
    for (let at = 0; at + 5 <= encoded.length; at += 1) assert.ok(!shown.includes(encoded.slice(at, at + 5)), shown);
    assert.match(shown, /\*\*\*/);
  }
});

test('what is no secret stays', () => {
  const text = '{"error": "quota of team web used up (3/3)"}';
  assert.equal(maskSecrets(text, []), text);
  assert.equal(maskSecrets(text, ['s3cret', '{"token": "x7-y8"}', '']), text);
});

test('with secrets too long to compare nothing is shown', () => {
  assert.equal(maskSecrets('anything', ['x'.repeat(3_000), 'y'.repeat(3_000)]), '***');
});
