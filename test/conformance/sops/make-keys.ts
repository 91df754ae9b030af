import { generateHybridIdentity, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { generateKey, type KeyOptions, readKey } from 'openpgp';
import type { KeyName } from './cases.ts';
import type { TestKey } from './test-keys.ts';

export async function makeKeys(): Promise<readonly TestKey[]> {
  return [
    await ageKey('age', await generateX25519Identity()),
    await ageKey('other age', await generateX25519Identity()),
    await ageKey('post-quantum', await generateHybridIdentity()),
    await pgpKey('RSA', { type: 'rsa', rsaBits: 2048 }),
    await pgpKey('curve25519', { type: 'ecc', curve: 'curve25519Legacy' }),
    await pgpKey('P-256', { type: 'ecc', curve: 'nistP256' }),
  ];
}

async function ageKey(name: KeyName, secret: string): Promise<TestKey> {
  return { name, secret, recipient: await identityToRecipient(secret) };
}

async function pgpKey(name: KeyName, kind: Pick<KeyOptions, 'type' | 'rsaBits' | 'curve'>): Promise<TestKey> {
  const userIDs = [{ name: `Test ${name}`, email: 'test@example.com' }];
  const { privateKey, publicKey } = await generateKey({ ...kind, userIDs, format: 'armored' });
  const fingerprint = (await readKey({ armoredKey: publicKey })).getFingerprint().toUpperCase();
  return { name, secret: privateKey, publicKey, recipient: fingerprint };
}
