import { SopsError } from '../sops-error.ts';

/** The identities of an `.agekey` entry: one a line, with comments. Throws a SopsError when there is none or a bad one. */
export async function parseAgeIdentities(text: string): Promise<readonly string[]> {
  const { Decrypter } = await import('age-encryption');
  const lines = text.split('\n').map((line) => line.trim());
  const identities = lines.filter((line) => line !== '' && !line.startsWith('#'));
  if (identities.length === 0) throw new SopsError('it holds no age identity');
  for (const [at, identity] of identities.entries()) {
    try {
      new Decrypter().addIdentity(identity);
    } catch {
      throw new SopsError(`its age identity ${at + 1} is not valid; X25519 and post-quantum ones are known`);
    }
  }
  return identities;
}

export async function unwrapWithAge(enc: string, identities: readonly string[]): Promise<Uint8Array> {
  if (identities.length === 0) throw new SopsError('no age identity is configured');
  const { armor, Decrypter } = await import('age-encryption');
  const decrypter = new Decrypter();
  for (const identity of identities) decrypter.addIdentity(identity);
  try {
    return await decrypter.decrypt(armor.decode(enc));
  } catch {
    throw new SopsError('no configured age identity opens it');
  }
}
