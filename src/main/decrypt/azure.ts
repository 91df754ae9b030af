import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { OutboundClient } from '../outbound/client.ts';
import { decodePart } from './decode-part.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';
import { postJson } from './post-json.ts';

export type AzureKey = Extract<RemoteKey, { readonly type: 'azure_kv' }>;

export interface AzureAccess {
  /** Gets a token for a scope with the controller's identity. */
  readonly ownToken: TokenSource;
  /** The same with the tenant's, where its Secret has one. */
  readonly tenantToken?: TokenSource | undefined;
  readonly guarded: OutboundClient;
}

export type TokenSource = (scope: string, signal: AbortSignal) => Promise<string>;

/** Key Vaults of Azure's clouds, and what a token is asked for there. */
const vaultSuffixes = [
  'vault.azure.net',
  'vault.azure.cn',
  'vault.usgovcloudapi.net',
  'managedhsm.azure.net',
  'managedhsm.azure.cn',
  'managedhsm.usgovcloudapi.net',
];
const NAME = /^[A-Za-z0-9-]+$/;
const API_VERSION = '7.4';

/**
 * Azure Key Vault by REST: its package would add 16 MB for one call. Promises: a token of the controller's goes to
 * Azure's own hosts only; one of the tenant's elsewhere only past the guard.
 */
export function azureService({ ownToken, tenantToken, guarded }: AzureAccess): KeyService<AzureKey> {
  return {
    async unwrap(key, signal) {
      const url = decryptUrl(key);
      const suffix = vaultSuffixes.find((one) => url.hostname.endsWith(`.${one}`));
      const isAzure = suffix !== undefined && url.protocol === 'https:' && url.port === '';
      const source = tenantToken ?? (isAzure ? ownToken : undefined);
      if (source === undefined)
        throw new KeyServiceError(`${url.host} is no Azure Key Vault: it needs a sops.azure-kv`);
      const token = await source(`https://${suffix ?? url.hostname}/.default`, signal);
      const body = { alg: 'RSA-OAEP-256', value: key.enc };
      const { value } = await postJson(guarded, { url, headers: { authorization: `Bearer ${token}` }, body }, signal);
      return decodePart(value, 'base64url');
    },
  };
}

function decryptUrl({ vaultUrl, name, version }: AzureKey): URL {
  const url = URL.parse(vaultUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new KeyServiceError('its Key Vault is no URL');
  if (!NAME.test(name) || !NAME.test(version)) throw new KeyServiceError('its key name or version is not valid');
  return new URL(`/keys/${name}/${version}/decrypt?api-version=${API_VERSION}`, url.origin);
}
