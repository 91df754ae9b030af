import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { sopsWriter } from '../../../test/support/sops-file.ts';
import { openEncrypted } from './encrypted-file.ts';
import { sopsFormat } from './format.ts';
import { SopsError } from './sops-error.ts';

// What the real sops makes of files is in test/conformance/sops: here is what no sops would write.

const CANARY = 'hunter2';
const dataKey = randomBytes(32);
const { encrypt, macOf, metadata, fileWith } = sopsWriter(dataKey);

const opened = (path: string, text: string) => openEncrypted(sopsFormat(path, Buffer.from(text))!, Buffer.from(text));
const decrypt = (path: string, text: string) => Buffer.from(opened(path, text).decrypt(dataKey)).toString();

test('what carries no metadata is nobody’s to decrypt', () => {
  for (const text of ['', 'a: b\n', 'sops: x\n', '{"a": 1}', 'ENC[AES256_GCM,data:x]', '\u0000\u00ff']) {
    for (const path of ['a.yaml', 'a.json', 'a.env', 'a.ini', 'a']) {
      assert.equal(sopsFormat(path, Buffer.from(text)), undefined, `${path}: ${text}`);
    }
  }
});

test('every type of value comes back as what it was', () => {
  const values = {
    text: encrypt('a', 'text:'),
    bytes: encrypt('b', 'bytes:', 'bytes'),
    whole: encrypt('9007199254740993', 'whole:', 'int'),
    fraction: encrypt('0.5', 'fraction:', 'float'),
    truth: encrypt('True', 'truth:', 'bool'),
    time: encrypt('2030-12-31T00:00:00Z', 'time:', 'time'),
    list: [encrypt(' note', 'list:', 'comment'), encrypt('x', 'list:')],
  };
  const mac = macOf('a', 'b', '9007199254740993', '0.5', 'True', '2030-12-31T00:00:00Z', 'x');
  const clear = decrypt('a.yaml', fileWith(values, mac));
  assert.equal(
    clear,
    'text: a\nbytes: b\nwhole: 9007199254740993\nfraction: 0.5\ntruth: true\ntime: 2030-12-31T00:00:00Z\nlist:\n    # note\n    - x\n',
  );
});

test('keys of JavaScript are keys', () => {
  const file = `{"__proto__": "${encrypt('a', '__proto__:')}", "constructor": {"prototype": "${encrypt('b', 'constructor:prototype:')}"}, "sops": ${JSON.stringify(metadata(macOf('a', 'b')))}}`;
  for (const path of ['a.yaml', 'a.json']) {
    const clear = decrypt(path, file);
    assert.match(clear, /__proto__/);
    assert.equal(({} as { prototype?: unknown }).prototype, undefined);
  }
  const polluting = fileWith({ a: encrypt('a', 'a:') }, macOf('a')).replace(
    '"version"',
    '"__proto__":{"mac":"x"},"version"',
  );
  assert.match(decrypt('a.json', polluting), /"a": "a"/);
});

const hostile: readonly (readonly [name: string, path: string, text: string])[] = [
  ['nested maps', 'a.yaml', `x: ENC[AES256_GCM,\na: ${'{b: '.repeat(20_000)}1${'}'.repeat(20_000)}\nsops: {mac: x}\n`],
  ['nested JSON', 'a.json', `{"a": ${'['.repeat(5_000)}${']'.repeat(5_000)}, "sops": {"mac": "ENC[AES256_GCM,x"}}`],
  [
    'aliases',
    'a.yaml',
    `x: ENC[AES256_GCM,\nl0: &l0 [a]\n${Array.from({ length: 20 }, (_, at) => `l${at + 1}: &l${at + 1} [${Array(10).fill(`*l${at}`)}]`).join('\n')}\nsops: {mac: x}\n`,
  ],
  ['an alias of itself', 'a.yaml', 'x: ENC[AES256_GCM,\na: &a [*a]\nsops: {mac: x}\n'],
  ['a long list in dotenv', 'a.env', 'sops_mac=ENC[AES256_GCM,x\nsops_age__list_99999999__map_enc=x\n'],
  ['deep metadata in dotenv', 'a.env', `sops_mac=ENC[AES256_GCM,x\nsops_a${'__map_b'.repeat(50_000)}=x\n`],
  ['metadata that contradicts itself', 'a.env', 'sops_mac=ENC[AES256_GCM,x\nsops_a=1\nsops_a__map_b=2\n'],
  ['a pattern that is none', 'a.json', fileWith({ a: encrypt('a', 'a:') }, macOf('a'), { encrypted_regex: '(' })],
  ['two rules', 'a.json', fileWith({}, macOf(), { encrypted_regex: 'a', encrypted_suffix: 'b' })],
  ['no time', 'a.json', fileWith({}, macOf(), { lastmodified: 'now' })],
  ['no keys', 'a.json', fileWith({}, macOf(), { age: [] })],
  [
    'metadata of the wrong shape',
    'a.json',
    fileWith({}, macOf(), { age: 'x', mac: ['ENC[AES256_GCM,'], pgp: { a: 1 } }),
  ],
  ['an open INI value', 'a.ini', 'a = `x\n[sops]\nmac = ENC[AES256_GCM,x\n'],
];

for (const [name, path, text] of hostile) {
  test(`${name}: refused`, () => {
    assert.throws(() => decrypt(path, text), SopsError);
  });
}

test('a pattern that backtracks for ever elsewhere does not here', () => {
  const key = 'a'.repeat(5_000);
  const file = fileWith({ [`${key}!`]: encrypt('x', `${key}!:`) }, macOf('x'), { unencrypted_regex: '^(a+)+$' });
  assert.match(decrypt('a.json', file), /"x"/);
});

test('no failure tells a value, a ciphertext or a key', () => {
  const good = encrypt(CANARY, 'a:');
  const broken = [
    fileWith({ a: good }, macOf('other')),
    fileWith({ a: good, b: CANARY }, macOf(CANARY)),
    fileWith({ a: encrypt(CANARY, 'a:', 'int') }, macOf(CANARY)),
    fileWith({ a: encrypt(CANARY, 'a:', CANARY) }, macOf(CANARY)),
    fileWith({ b: good }, macOf(CANARY)),
    fileWith({ a: good }, CANARY),
    fileWith({ a: good }, macOf(CANARY), { encrypted_regex: `(${CANARY}` }),
    fileWith({ a: good }, macOf(CANARY), { lastmodified: CANARY }),
    `a: "${CANARY}\nb: [\nx: ENC[AES256_GCM,\nsops:\n`,
  ];
  for (const text of broken) {
    for (const path of ['a.yaml', 'a.json', 'a.bin']) {
      assert.throws(
        () => decrypt(path, text),
        (error) => error instanceof Error && !error.message.includes(CANARY) && !error.message.includes('ENC['),
      );
    }
  }
});

test('another data key opens nothing', () => {
  const file = opened('a.json', fileWith({ a: encrypt('a', 'a:') }, macOf('a')));
  assert.throws(() => file.decrypt(randomBytes(32)), SopsError);
  assert.throws(() => file.decrypt(randomBytes(16)), SopsError);
});
