import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { Outcome, Unwrapped, WantedKeys } from '../../shared/sops/unwrapped.ts';
import { type KeyService, KeyServiceError, type KeyServices } from './key-service.ts';

/** Asks for one key of each group, in the group's order until one opens; the groups at once. */
export async function unwrapKeys(
  wanted: WantedKeys,
  services: KeyServices,
  signal: AbortSignal,
): Promise<readonly Unwrapped[]> {
  const groups = await Promise.all(wanted.map((group) => unwrapGroup(group, services, signal)));
  return groups.flat();
}

async function unwrapGroup(
  group: readonly RemoteKey[],
  services: KeyServices,
  signal: AbortSignal,
): Promise<readonly Unwrapped[]> {
  const unwrapped: Unwrapped[] = [];
  for (const key of group) {
    const outcome = await ask(key, services[key.type] as KeyService, signal);
    unwrapped.push({ key, outcome });
    if (outcome.is === 'opened') break;
  }
  return unwrapped;
}

async function ask(key: RemoteKey, service: KeyService, signal: AbortSignal): Promise<Outcome> {
  try {
    return { is: 'opened', part: await service.unwrap(key, signal) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof KeyServiceError) return { is: 'closed', because: error.message };
    throw error;
  }
}
