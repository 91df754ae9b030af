import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { OutboundClient } from '../outbound/client.ts';
import { exchange, refusal } from './exchange.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';

export type VaultKey = Extract<RemoteKey, { readonly type: 'hc_vault' }>;

export interface VaultAccess {
  /** The operator's, from VAULT_ADDR and VAULT_TOKEN. */
  readonly own?: { readonly address: string; readonly token: string } | undefined;
  /** From the tenant's Secret: goes wherever its files say. */
  readonly tenantToken?: string | undefined;
  readonly guarded: OutboundClient;
  readonly unguarded: OutboundClient;
}

const SEGMENT = /^(?!\.{1,2}$)[\w.~-]+$/;

/** Vault's transit engine. Promises: the controller's token goes to VAULT_ADDR and to nothing but a decrypt path there. */
export function vaultService({ own, tenantToken, guarded, unguarded }: VaultAccess): KeyService<VaultKey> {
  return {
    async unwrap(key, signal) {
      const url = decryptUrl(key);
      const isOwn = own !== undefined && url.origin === originOf(own.address);
      const token = tenantToken ?? (isOwn ? own.token : undefined);
      if (token === undefined)
        throw new KeyServiceError(`there is no token for ${url.host}: sops.vault-token would be one`);
      const question = {
        url,
        method: 'POST',
        headers: { 'content-type': 'application/json', 'x-vault-token': token, 'x-vault-request': 'true' },
        body: JSON.stringify({ ciphertext: key.enc }),
      } as const;
      const { status, body } = await exchange(isOwn ? unguarded : guarded, question, signal);
      if (status !== 200) throw refusal(url, status);
      return plaintextIn(body, url);
    },
  };
}

/** A path that climbs would take the token to any other endpoint. */
function decryptUrl({ address, enginePath, keyName }: VaultKey): URL {
  const segments = [...enginePath.split('/').filter((segment) => segment !== ''), 'decrypt', keyName];
  if (!segments.every((segment) => SEGMENT.test(segment)))
    throw new KeyServiceError('its engine path or key name is not valid');
  const url = URL.parse(address);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new KeyServiceError('its address is no URL');
  return new URL(`${url.pathname.replace(/\/+$/, '')}/v1/${segments.join('/')}`, url.origin);
}

function originOf(address: string): string | undefined {
  return URL.parse(address)?.origin;
}

interface VaultAnswer {
  readonly data?: { readonly plaintext?: unknown } | null;
}

function plaintextIn(body: Uint8Array, { host }: URL): Uint8Array {
  let answer: VaultAnswer | null;
  try {
    answer = JSON.parse(Buffer.from(body).toString());
  } catch {
    throw new KeyServiceError(`${host} answers no JSON`);
  }
  const plaintext = answer?.data?.plaintext;
  if (typeof plaintext !== 'string' || plaintext === '') throw new KeyServiceError('the answer holds no key');
  return new Uint8Array(Buffer.from(plaintext, 'base64'));
}
