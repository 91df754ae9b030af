import type { RemoteKey } from '../../shared/sops/master-key.ts';

/** Why a key service opened nothing: fit for a status message, without credentials and without what a server said. */
export class KeyServiceError extends Error {
  /** Whether the same question may be answered a moment later. */
  readonly isPassing: boolean;

  constructor(because: string, { isPassing = false }: { readonly isPassing?: boolean } = {}) {
    super(because);
    this.name = 'KeyServiceError';
    this.isPassing = isPassing;
  }
}

export interface KeyService<K extends RemoteKey = RemoteKey> {
  /** Throws a KeyServiceError, or the signal's reason. */
  unwrap(key: K, signal: AbortSignal): Promise<Uint8Array>;
}

/** One for each kind of key; each loads what it needs when it is first asked. */
export type KeyServices = { readonly [T in RemoteKey['type']]: KeyService<Extract<RemoteKey, { readonly type: T }>> };

export const huaweiService: KeyService = {
  unwrap: () => Promise.reject(new KeyServiceError('HuaweiCloud KMS is not supported')),
};
