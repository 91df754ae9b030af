import { describeKey, type MasterKey } from './master-key.ts';
import type { Metadata } from './metadata.ts';
import { combineShares } from './shamir.ts';
import { SopsError } from './sops-error.ts';

/** Opens what a master key encrypted; throws a SopsError that says, without key material, why it cannot. */
export type Unwrap = (key: MasterKey) => Promise<Uint8Array>;

/** The data key of a file: from one key, or from one of each of as many groups as the threshold says. */
export async function findDataKey({ keyGroups, threshold }: Metadata, unwrap: Unwrap): Promise<Uint8Array> {
  const failures: string[] = [];
  const parts: Uint8Array[] = [];
  const needed = keyGroups.length === 1 ? 1 : threshold;
  for (const group of keyGroups) {
    if (parts.length === needed) break;
    const part = await firstPart(group, unwrap, failures);
    if (part !== undefined) parts.push(part);
  }
  const [only] = parts;
  if (parts.length < needed || only === undefined)
    throw new SopsError(noKeyMessage(keyGroups.length, needed, failures));
  return keyGroups.length === 1 ? only : combineShares(parts);
}

async function firstPart(
  group: readonly MasterKey[],
  unwrap: Unwrap,
  failures: string[],
): Promise<Uint8Array | undefined> {
  for (const key of group) {
    try {
      return await unwrap(key);
    } catch (error) {
      if (!(error instanceof SopsError)) throw error;
      failures.push(`${describeKey(key)}: ${error.message}`);
    }
  }
  return undefined;
}

function noKeyMessage(groups: number, needed: number, failures: readonly string[]): string {
  const which = groups === 1 ? 'no key opens it' : `fewer than ${needed} of its ${groups} key groups open`;
  return `${which}: ${failures.join('; ')}`;
}
