import type { BuildAnswer, BuildInput } from '../../shared/protocol/tasks.ts';
import type { Unwrapped, WantedKeys } from '../../shared/sops/unwrapped.ts';

export interface KeyMeans {
  readonly runTask: (name: 'build', input: BuildInput, signal: AbortSignal) => Promise<BuildAnswer>;
  /** Asks key services, with the credentials that the key Secret holds. */
  readonly unwrapKeys: (
    wanted: WantedKeys,
    entries: ReadonlyMap<string, string>,
    signal: AbortSignal,
  ) => Promise<readonly Unwrapped[]>;
}

export type SettledBuild = Exclude<BuildAnswer, { readonly is: 'wanting' }>;

/** Builds, and asks key services in between for what the build turns out to want. Without `entries` nothing is decrypted. */
export async function buildWithKeys(
  input: Omit<BuildInput, 'decryption'>,
  entries: ReadonlyMap<string, string> | undefined,
  { runTask, unwrapKeys }: KeyMeans,
  signal: AbortSignal,
): Promise<SettledBuild> {
  const unwrapped: Unwrapped[] = [];
  for (;;) {
    const decryption = entries === undefined ? {} : { decryption: { entries, unwrapped } };
    const answer = await runTask('build', { ...input, ...decryption }, signal);
    if (answer.is !== 'wanting') return answer;
    unwrapped.push(...(await unwrapKeys(answer.keys, entries ?? new Map(), signal)));
  }
}
