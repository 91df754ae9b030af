import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { sopsWriter } from '../../../test/support/sops-file.ts';
import { type FileMap, openFileMap, packFiles } from '../../shared/protocol/file-map.ts';
import type { Unwrapped, WantedKeys } from '../../shared/sops/unwrapped.ts';
import { decryptWhileBuilding, refuseEncrypted } from './decrypt-while-building.ts';
import { readKeyRing } from './key-ring.ts';
import { SopsError } from './sops-error.ts';

const CANARY = 'hunter2';
const dataKey = randomBytes(32);
const identity = await generateX25519Identity();

async function forAge(key: string): Promise<Record<string, unknown>> {
  const encrypter = new Encrypter();
  encrypter.addRecipient(await identityToRecipient(key));
  return { recipient: await identityToRecipient(key), enc: armor.encode(await encrypter.encrypt(dataKey)) };
}

const vault = (name: string) => ({
  vault_address: 'https://vault',
  engine_path: 'sops',
  key_name: name,
  enc: 'vault:v1:x',
});

function file(value: string, more: Record<string, unknown>): string {
  const { encrypt, macOf, fileWith } = sopsWriter(dataKey);
  return fileWith({ a: encrypt(value, 'a:') }, macOf(value), { age: [], ...more });
}

function mapOf(files: Readonly<Record<string, string>>): FileMap {
  return openFileMap(packFiles(new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]))));
}

const textOf = (files: FileMap, path: string) => Buffer.from(files.read(path)!).toString();
const ring = (entries: Record<string, string>, unwrapped: readonly Unwrapped[] = []) =>
  readKeyRing(new Map(Object.entries(entries)), unwrapped);

test('a build reads in clear what it reads, and nothing else is opened', async () => {
  const files = mapOf({
    'a.json': file('one', { age: [await forAge(identity)] }),
    'b.json': file('two', { age: [await forAge(identity)] }),
    'broken.json': file('three', { age: [] }),
    plain: 'clear',
  });
  const built = await decryptWhileBuilding(files, await ring({ 'x.agekey': identity }), (inClear) => {
    const first = textOf(inClear, 'a.json');
    if (first.includes('sops')) throw new Error('ciphertext does not build');
    return [first, textOf(inClear, 'b.json'), textOf(inClear, 'plain')];
  });
  assert.deepEqual(built, {
    is: 'built',
    value: ['{\n\t"a": "one"\n}\n', '{\n\t"a": "two"\n}\n', 'clear'],
  });
});

test('a failure of the build itself is the build’s', async () => {
  const build = () => {
    throw new Error('no such field');
  };
  await assert.rejects(decryptWhileBuilding(mapOf({}), await ring({}), build), { message: 'no such field' });
});

test('keys that need a network are wanted, once, and the build goes on when they are there', async () => {
  const files = mapOf({
    'a.json': file('one', { hc_vault: [vault('k')] }),
    'b.json': file('two', { hc_vault: [vault('k')] }),
  });
  const build = (inClear: FileMap) => textOf(inClear, 'a.json') + textOf(inClear, 'b.json');
  const first = await decryptWhileBuilding(files, await ring({}), build);
  assert.ok(first.is === 'wanting');
  assert.deepEqual(
    first.keys.map((group) => group.map(({ type }) => type)),
    [['hc_vault']],
  );
  const opened = first.keys[0]!.map((key): Unwrapped => ({ key, outcome: { is: 'opened', part: dataKey } }));
  const second = await decryptWhileBuilding(files, await ring({}, opened), build);
  assert.ok(second.is === 'built' && second.value.includes('"one"') && second.value.includes('"two"'));
});

test('a local key spares the network; of several groups only as many as are needed are asked', async () => {
  const local = mapOf({ 'a.json': file('one', { age: [await forAge(identity)], hc_vault: [vault('k')] }) });
  const build = (inClear: FileMap) => textOf(inClear, 'a.json');
  assert.equal((await decryptWhileBuilding(local, await ring({ 'x.agekey': identity }), build)).is, 'built');
  const groups = [{ hc_vault: [vault('a')] }, { hc_vault: [vault('b')] }, { hc_vault: [vault('c')] }];
  const shared = mapOf({ 'a.json': file('one', { key_groups: groups, shamir_threshold: 2 }) });
  const answer = await decryptWhileBuilding(shared, await ring({}), build);
  assert.equal(answer.is === 'wanting' && answer.keys.length, 2);
});

test('the failure names the file, and each key with its reason', async () => {
  const other = await generateX25519Identity();
  const key = { age: [await forAge(other)], hc_vault: [vault('k')] };
  const files = mapOf({ 'dir/a.json': file(CANARY, key) });
  const build = (inClear: FileMap) => textOf(inClear, 'dir/a.json');
  const wanted = await decryptWhileBuilding(files, await ring({ 'x.agekey': identity }), build);
  const denied = (wanted as { keys: WantedKeys }).keys[0]!.map(
    (remote): Unwrapped => ({ key: remote, outcome: { is: 'closed', because: 'permission denied' } }),
  );
  const keyRing = await ring({ 'x.agekey': identity }, denied);
  await assert.rejects(decryptWhileBuilding(files, keyRing, build), {
    code: 'badManifest',
    message:
      `"dir/a.json" cannot be decrypted: no key opens it: age ${await identityToRecipient(other)}: ` +
      'no configured age identity opens it; Vault https://vault/v1/sops/keys/k: permission denied',
  });
});

test('without decryption an encrypted file fails by name, once it is read', () => {
  const files = refuseEncrypted(mapOf({ 'a.json': file('one', { hc_vault: [vault('k')] }), 'b.yaml': 'a: b' }));
  assert.equal(textOf(files, 'b.yaml'), 'a: b');
  assert.throws(() => files.read('a.json'), {
    message: '"a.json" is encrypted with SOPS, and the stage has no decryption',
  });
});

test('a Secret may hold comments, several keys and other entries; a malformed one is named without its content', async () => {
  const two = `# created: today\n# public key: age1\n${identity}\n\n${await generateX25519Identity()}\n`;
  assert.equal((await ring({ 'a.agekey': two, note: CANARY })).ageIdentities.length, 2);
  for (const [name, content] of [
    ['a.agekey', ''],
    ['a.agekey', '# only a comment'],
    ['a.agekey', `AGE-SECRET-KEY-1${CANARY}`],
    ['a.agekey', identity.slice(0, -1)],
    ['a.asc', CANARY],
    ['a.asc', `-----BEGIN PGP PRIVATE KEY BLOCK-----\n\n${CANARY}\n-----END PGP PRIVATE KEY BLOCK-----`],
  ] as const) {
    await assert.rejects(ring({ [name]: content }), (error) => {
      assert.ok(error instanceof SopsError);
      assert.ok(error.message.startsWith(`entry "${name}": `) && !error.message.includes(CANARY), error.message);
      return !error.message.includes(identity.slice(20, 40));
    });
  }
});
