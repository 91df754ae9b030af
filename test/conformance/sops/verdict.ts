import { findDataKey } from '../../../src/workers/sops/data-key.ts';
import { openEncrypted } from '../../../src/workers/sops/encrypted-file.ts';
import { parseAgeIdentities, unwrapWithAge } from '../../../src/workers/sops/keys/age.ts';
import { parsePgpKeys, unwrapWithPgp } from '../../../src/workers/sops/keys/pgp.ts';
import { SopsError } from '../../../src/workers/sops/sops-error.ts';
import { type TestKey, testKeys } from './test-keys.ts';

/** Decrypts files with the test keys, but for the one that is somebody else's. */
export async function decryptorWithTestKeys(): Promise<
  (path: string, encrypted: string) => Promise<string | SopsError>
> {
  const ours = testKeys().filter(({ name }) => name !== 'other age');
  const isAge = ({ publicKey }: TestKey) => publicKey === undefined;
  const identities = ours.filter(isAge).flatMap(({ secret }) => parseAgeIdentities(secret));
  const pgpKeys = (
    await Promise.all(ours.filter((key) => !isAge(key)).map(({ secret }) => parsePgpKeys(secret)))
  ).flat();
  return async (path, encrypted) => {
    try {
      const file = openEncrypted(path, Buffer.from(encrypted));
      if (file === undefined) return new SopsError('it is not encrypted');
      const dataKey = await findDataKey(file.metadata, (key) => {
        return key.type === 'age' ? unwrapWithAge(key.enc, identities) : unwrapWithPgp(key.enc, pgpKeys);
      });
      return Buffer.from(file.decrypt(dataKey)).toString();
    } catch (error) {
      if (error instanceof SopsError) return error;
      throw error;
    }
  };
}
