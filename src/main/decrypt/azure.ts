import type { AccessToken } from '@azure/identity';
import type { KeyVaultKey } from '@azure/keyvault-keys';
import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { OutboundClient } from '../outbound/client.ts';
import { azureTransport } from './azure-transport.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';

export type AzureKey = Extract<RemoteKey, { readonly type: 'azure_kv' }>;

export interface AzureAccess {
  /** Gets a token for a scope with the controller's identity. */
  readonly ownToken: TokenSource;
  /** The same with the tenant's, where its Secret has one. */
  readonly tenantToken?: TokenSource | undefined;
  readonly guarded: OutboundClient;
}

export type TokenSource = (scope: string, signal: AbortSignal) => Promise<AccessToken>;

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

/**
 * Azure Key Vault. Promises: a token of the controller's goes to Azure's own hosts only; one of the tenant's elsewhere
 * only past the guard.
 */
export function azureService({ ownToken, tenantToken, guarded }: AzureAccess): KeyService<AzureKey> {
  return {
    async unwrap(key, signal) {
      const vault = vaultOf(key);
      const suffix = vaultSuffixes.find((one) => vault.hostname.endsWith(`.${one}`));
      const isAzure = suffix !== undefined && vault.protocol === 'https:' && vault.port === '';
      const source = tenantToken ?? (isAzure ? ownToken : undefined);
      if (source === undefined)
        throw new KeyServiceError(`${vault.host} is no Azure Key Vault: it needs a sops.azure-kv`);
      // Whatever scope the vault's challenge names: a foreign one could ask for a token to something else of the tenant's.
      const credential = { getToken: () => source(`https://${suffix ?? vault.hostname}/.default`, signal) };
      const { CryptographyClient } = await import('@azure/keyvault-keys');
      const client = new CryptographyClient(identified(key, vault), credential, {
        httpClient: await azureTransport(guarded, signal),
        disableChallengeResourceVerification: true,
        redirectOptions: { maxRetries: 0 },
        retryOptions: { maxRetries: 0 },
      });
      try {
        const ciphertext = Buffer.from(key.enc, 'base64url');
        const { result } = await client.decrypt({ algorithm: 'RSA-OAEP-256', ciphertext });
        if (!(result?.length > 0)) throw new KeyServiceError('the answer holds no key');
        return new Uint8Array(result);
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof KeyServiceError) throw error;
        throw new KeyServiceError('the answer is not one of a Key Vault');
      }
    },
  };
}

function vaultOf({ vaultUrl, name, version }: AzureKey): URL {
  const url = URL.parse(vaultUrl);
  if (url === null || !/^https?:$/.test(url.protocol)) throw new KeyServiceError('its Key Vault is no URL');
  if (!NAME.test(name) || !NAME.test(version)) throw new KeyServiceError('its key name or version is not valid');
  return new URL(url.origin);
}

/** Not by its URL alone: the library would first look the key up, which takes a right that SOPS needs nowhere else. */
function identified({ name, version }: AzureKey, vault: URL): KeyVaultKey {
  const id = `${vault.origin}/keys/${name}/${version}`;
  return { id, name, properties: { name, version, vaultUrl: vault.origin } };
}
