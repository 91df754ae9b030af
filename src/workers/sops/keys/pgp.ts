import type { PrivateKey } from 'openpgp';
import { SopsError } from '../sops-error.ts';

/** Keys that were made long ago, too. */
const config = { minRSABits: 1024 as never, allowInsecureDecryptionWithSigningKeys: true };

/** The private keys of an `.asc` entry. Throws a SopsError when there is none or it needs a passphrase. */
export async function parsePgpKeys(armored: string): Promise<readonly PrivateKey[]> {
  const { readPrivateKeys } = await import('openpgp');
  const keys = await readPrivateKeys({ armoredKeys: armored, config }).catch(() => {
    throw new SopsError('it is no armored PGP private key');
  });
  if (keys.some((key) => !key.isDecrypted())) throw new SopsError('its PGP key is protected by a passphrase');
  return keys;
}

export async function unwrapWithPgp(enc: string, keys: readonly PrivateKey[]): Promise<Uint8Array> {
  if (keys.length === 0) throw new SopsError('no PGP key is configured');
  const { decrypt, readMessage } = await import('openpgp');
  try {
    const message = await readMessage({ armoredMessage: enc, config });
    const { data } = await decrypt({ message, decryptionKeys: [...keys], format: 'binary', config });
    return data;
  } catch {
    throw new SopsError('no configured PGP key opens it');
  }
}
