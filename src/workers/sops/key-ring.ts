import type { PrivateKey } from 'openpgp';
import type { MasterKey } from '../../shared/sops/master-key.ts';
import type { Outcome, Unwrapped } from '../../shared/sops/unwrapped.ts';
import { quoted } from '../quoted.ts';
import type { TryKey } from './data-key.ts';
import { parseAgeIdentities, unwrapWithAge } from './keys/age.ts';
import { parsePgpKeys, unwrapWithPgp } from './keys/pgp.ts';
import { SopsError } from './sops-error.ts';

/** The keys at hand: those of the Secret, and what key services opened. */
export interface KeyRing {
  readonly ageIdentities: readonly string[];
  readonly pgpKeys: readonly PrivateKey[];
  readonly unwrapped: readonly Unwrapped[];
}

/** Entries of a Secret by name: `*.agekey` and `*.asc`. Throws a SopsError that names a malformed one. */
export async function readKeyRing(
  entries: ReadonlyMap<string, string>,
  unwrapped: readonly Unwrapped[] = [],
): Promise<KeyRing> {
  const ageIdentities: string[] = [];
  const pgpKeys: PrivateKey[] = [];
  for (const [name, content] of entries) {
    try {
      if (name.endsWith('.agekey')) ageIdentities.push(...(await parseAgeIdentities(content)));
      else if (name.endsWith('.asc')) pgpKeys.push(...(await parsePgpKeys(content)));
    } catch (error) {
      if (!(error instanceof SopsError)) throw error;
      throw new SopsError(`entry ${quoted(name)}: ${error.message}`);
    }
  }
  return { ageIdentities, pgpKeys, unwrapped };
}

export function tryKeysOf({ ageIdentities, pgpKeys, unwrapped }: KeyRing): TryKey {
  const asked = new Map(unwrapped.map(({ key, outcome }) => [JSON.stringify(key), outcome]));
  return async (key: MasterKey) => {
    if (key.type === 'age') return await attempt(unwrapWithAge(key.enc, ageIdentities));
    if (key.type === 'pgp') return await attempt(unwrapWithPgp(key.enc, pgpKeys));
    return asked.get(JSON.stringify(key)) ?? { is: 'unasked', key };
  };
}

async function attempt(unwrapping: Promise<Uint8Array>): Promise<Outcome> {
  try {
    return { is: 'opened', part: await unwrapping };
  } catch (error) {
    if (error instanceof SopsError) return { is: 'closed', because: error.message };
    throw error;
  }
}
