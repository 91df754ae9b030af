import { findDataKey } from '../../../src/workers/sops/data-key.ts';
import { openEncrypted } from '../../../src/workers/sops/encrypted-file.ts';
import { sopsFormat } from '../../../src/workers/sops/format.ts';
import { readKeyRing, tryKeysOf } from '../../../src/workers/sops/key-ring.ts';
import { SopsError } from '../../../src/workers/sops/sops-error.ts';
import { testKeys } from './test-keys.ts';

/** Decrypts files with the test keys, but for the one that is somebody else's. */
export async function decryptorWithTestKeys(): Promise<
  (path: string, encrypted: string) => Promise<string | SopsError>
> {
  const ours = testKeys().filter(({ name }) => name !== 'other age');
  const entries = ours.map(({ name, secret, publicKey }): [string, string] => [
    `${name}${publicKey === undefined ? '.agekey' : '.asc'}`,
    secret,
  ]);
  const tryKey = tryKeysOf(await readKeyRing(new Map(entries)));
  return async (path, encrypted) => {
    try {
      const format = sopsFormat(path, Buffer.from(encrypted));
      if (format === undefined) return new SopsError('it is not encrypted');
      const file = openEncrypted(format, Buffer.from(encrypted));
      const answer = await findDataKey(file.metadata, tryKey);
      if (answer.is === 'wanting') return new SopsError('it needs a remote key');
      return Buffer.from(file.decrypt(answer.dataKey)).toString();
    } catch (error) {
      if (error instanceof SopsError) return error;
      throw error;
    }
  };
}
