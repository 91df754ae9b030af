import type { AccessToken, TokenCredential } from '@azure/identity';
import type { TokenSource } from './azure.ts';
import { entryFields } from './entry-fields.ts';
import { KeyServiceError } from './key-service.ts';

/** The identity that the process runs with: workload identity, managed identity or its environment. */
export const ownAzureToken: TokenSource = async (scope, signal) => {
  const { DefaultAzureCredential } = await import('@azure/identity');
  return await tokenOf(new DefaultAzureCredential(), scope, signal);
};

/** From entry `sops.azure-kv`: a service principal with a secret or a certificate, as Flux has it. */
export function tenantAzureToken(entry: string): TokenSource {
  return async (scope, signal) => {
    const { tenantId, clientId, clientSecret, clientCertificate } = entryFields('sops.azure-kv', entry);
    if (tenantId === undefined || clientId === undefined)
      throw new KeyServiceError('entry sops.azure-kv lacks tenantId or clientId');
    const { ClientCertificateCredential, ClientSecretCredential } = await import('@azure/identity');
    if (clientSecret !== undefined)
      return await tokenOf(new ClientSecretCredential(tenantId, clientId, clientSecret), scope, signal);
    if (clientCertificate === undefined)
      throw new KeyServiceError('entry sops.azure-kv has neither clientSecret nor clientCertificate');
    const credential = new ClientCertificateCredential(tenantId, clientId, { certificate: clientCertificate });
    return await tokenOf(credential, scope, signal);
  };
}

async function tokenOf(credential: TokenCredential, scope: string, signal: AbortSignal): Promise<AccessToken> {
  const answer = await credential.getToken(scope, { abortSignal: signal }).catch(() => null);
  signal.throwIfAborted();
  if (answer === null) throw new KeyServiceError('Azure gives no access token');
  return answer;
}
