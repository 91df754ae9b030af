import { randomBytes } from 'node:crypto';
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption';
import { sopsWriter } from './sops-file.ts';

export interface AgeKey {
  readonly identity: string;
  readonly recipient: string;
}

export async function newAgeKey(): Promise<AgeKey> {
  const identity = await generateX25519Identity();
  return { identity, recipient: await identityToRecipient(identity) };
}

/** A manifest as `sops --encrypted-regex '^stringData$'` leaves it, in JSON. */
export async function sealedSecret(
  { recipient }: Pick<AgeKey, 'recipient'>,
  name: string,
  stringData: Readonly<Record<string, string>>,
): Promise<string> {
  const dataKey = randomBytes(32);
  const encrypter = new Encrypter();
  encrypter.addRecipient(recipient);
  const enc = armor.encode(await encrypter.encrypt(dataKey));
  const { encrypt, macOf, fileWith } = sopsWriter(dataKey);
  const sealed = Object.entries(stringData).map(([key, value]) => [key, encrypt(value, `stringData:${key}:`)]);
  return fileWith(
    { apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: Object.fromEntries(sealed) },
    macOf('v1', 'Secret', name, ...Object.values(stringData)),
    { age: [{ recipient, enc }], encrypted_regex: '^stringData$' },
  );
}
