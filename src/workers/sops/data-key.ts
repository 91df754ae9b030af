import { describeKey, type MasterKey, type RemoteKey } from '../../shared/sops/master-key.ts';
import type { Outcome, WantedKeys } from '../../shared/sops/unwrapped.ts';
import type { Metadata } from './metadata.ts';
import { combineShares } from './shamir.ts';
import { SopsError } from './sops-error.ts';

/** Tries one key. A remote one that nobody asked for yet is `unasked`. */
export type TryKey = (key: MasterKey) => Promise<Outcome | { readonly is: 'unasked'; readonly key: RemoteKey }>;

export type DataKey =
  | { readonly is: 'found'; readonly dataKey: Uint8Array }
  | { readonly is: 'wanting'; readonly keys: WantedKeys };

const MOST_TOLD = 10;

/**
 * The data key of a file: from one key, or from one of each of as many groups as the threshold says. Remote keys are
 * wanted only where local ones do not do. Throws a SopsError that lists each key and why it failed.
 */
export async function findDataKey({ keyGroups, threshold }: Metadata, tryKey: TryKey): Promise<DataKey> {
  const needed = keyGroups.length === 1 ? 1 : threshold;
  const tried: readonly TriedGroup[] = await Promise.all(keyGroups.map((group) => tryGroup(group, tryKey)));
  const parts = tried.flatMap(({ part }) => (part === undefined ? [] : [part]));
  const [first] = parts;
  if (first !== undefined && parts.length >= needed) {
    return {
      is: 'found',
      dataKey: keyGroups.length === 1 ? first : combineShares(parts.slice(0, Math.max(needed, 2))),
    };
  }
  const unasked = tried.flatMap((group) =>
    group.part === undefined && group.unasked.length > 0 ? [group.unasked] : [],
  );
  if (parts.length + unasked.length >= needed) {
    return { is: 'wanting', keys: unasked.slice(0, needed - parts.length) };
  }
  const which =
    keyGroups.length === 1 ? 'no key opens it' : `fewer than ${needed} of its ${keyGroups.length} key groups open`;
  throw new SopsError(`${which}: ${told(tried.flatMap(({ failures }) => failures))}`);
}

/** A file may name hundreds of keys, and one of them as often as it likes. */
function told(failures: readonly string[]): string {
  const different = [...new Set(failures)];
  const more = different.length - MOST_TOLD;
  return [...different.slice(0, MOST_TOLD), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

interface TriedGroup {
  readonly part?: Uint8Array;
  readonly unasked: readonly RemoteKey[];
  readonly failures: readonly string[];
}

async function tryGroup(group: readonly MasterKey[], tryKey: TryKey): Promise<TriedGroup> {
  const unasked: RemoteKey[] = [];
  const failures: string[] = [];
  for (const key of group) {
    const outcome = await tryKey(key);
    if (outcome.is === 'opened') return { part: outcome.part, unasked, failures };
    if (outcome.is === 'unasked') unasked.push(outcome.key);
    else failures.push(`${describeKey(key)}: ${outcome.because}`);
  }
  return { unasked, failures };
}
