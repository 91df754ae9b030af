import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Random, randomFrom, seeds } from '../support/seeds.ts';
import { builtOrRefused } from './builds.ts';
import { type Metadata, metadataFor, opening, type Sealed, sealedFiles } from './sealed-files.ts';

const CANARY = 'hunter2';
const FILES = 150;
const formats = sealedFiles(CANARY);
const { hc_vault } = metadataFor();

for (const sealed of formats) {
  test(`${sealed.name}: as it should be, it is built in clear`, async () => {
    const bodies = await builtOrRefused(filesOf(sealed, sealed.file(sealed.metadata)), { decryption: opening });
    assert.equal(typeof bodies, 'string', String(bodies));
    assert.ok(/"kind":"Secret"/.test(String(bodies)));
  });
}

for (const seed of seeds()) {
  test(`whatever becomes of SOPS’s metadata, a file is built or refused (seed ${seed})`, async () => {
    const random = randomFrom(seed);
    for (let round = 0; round < FILES; round++) {
      const sealed = random.pick(formats);
      const text = damageText(sealed.file(damageFields(sealed.metadata, random)), random);
      const answer = await builtOrRefused(filesOf(sealed, text), { decryption: opening });
      if (typeof answer !== 'string') assert.ok(!answer.message.includes(CANARY), `${answer.message}\n${text}`);
    }
  });
}

function filesOf({ path, kustomization }: Sealed, text: string) {
  return { [path]: text, 'kustomization.yaml': kustomization };
}

const fields = [
  'mac',
  'lastmodified',
  'version',
  'age',
  'pgp',
  'kms',
  'gcp_kms',
  'azure_kv',
  'hc_vault',
  'hckms',
  'key_groups',
  'shamir_threshold',
  'mac_only_encrypted',
  'encrypted_regex',
  'unencrypted_regex',
  'encrypted_suffix',
  'unencrypted_suffix',
  'encrypted_comment_regex',
  'unencrypted_comment_regex',
  '__proto__',
  'constructor',
];

function nested(depth: number): unknown {
  return depth === 0 ? 'x' : depth % 2 === 0 ? [nested(depth - 1)] : { a: nested(depth - 1) };
}

const age = {
  recipient: 'age1x',
  enc: '-----BEGIN AGE ENCRYPTED FILE-----\nYWdlLWVuY3J5\n-----END AGE ENCRYPTED FILE-----',
};

const values: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  0.5,
  1e308,
  2 ** 63,
  '9'.repeat(400),
  '',
  'x',
  'x'.repeat(100_000),
  'ENC[AES256_GCM,data:,iv:,tag:,type:]',
  `ENC[AES256_GCM,data:x${',iv:a,tag:b,type:c'.repeat(5_000)}`,
  '2030-13-45T99:99:99Z',
  '(a+)+$',
  '(',
  '(x|y|z)*'.repeat(500),
  '\ud800',
  [],
  {},
  [null],
  [[]],
  [{}],
  [{ enc: {} }],
  nested(40),
  nested(400),
  [age],
  [{ hc_vault }],
  [{ hc_vault }, { age: [age] }],
  Array.from({ length: 300 }, () => ({ hc_vault })),
  Array.from({ length: 2_000 }, () => age),
  JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}'),
];

function damageFields(sound: Metadata, random: Random): Metadata {
  const damaged: Record<string, unknown> = { ...sound };
  for (let times = random.below(4); times > 0; times--) {
    const field = random.pick(fields);
    const value = random.pick(values);
    const deed = random.below(5);
    if (deed === 0) delete damaged[field];
    else if (deed === 1) damaged.hc_vault = [{ ...(sound.hc_vault as object[])[0], [field]: value }];
    else Object.defineProperty(damaged, field, { value, enumerable: true, configurable: true });
  }
  return damaged;
}

const bits = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\n',
  '\\',
  'ENC[',
  '__proto__',
  '"sops":',
  '# x\n',
  '=',
  '[sops]\n',
  '\0',
  'é',
];

function damageText(text: string, random: Random): string {
  let damaged = text;
  for (let times = random.below(3); times > 0; times--) {
    const at = random.below(damaged.length + 1);
    damaged = random.pick([
      damaged.slice(0, at) + random.pick(bits) + damaged.slice(at),
      damaged.slice(0, at) + damaged.slice(at + 1 + random.below(8)),
      damaged.slice(0, at) + damaged.slice(random.below(at + 1), at) + damaged.slice(at),
    ]);
  }
  return damaged;
}
