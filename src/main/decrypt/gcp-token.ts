import { orAborted } from '../../shared/time/deadline.ts';
import { KeyServiceError } from './key-service.ts';

const SCOPE = 'https://www.googleapis.com/auth/cloudkms';

/** By a service account's JSON from the tenant's Secret, or by the identity that the process runs with. */
export function gcpAccessToken(tenantCredentials: string | undefined): (signal: AbortSignal) => Promise<string> {
  return async (signal) => {
    const credentials = tenantCredentials === undefined ? undefined : serviceAccount(tenantCredentials);
    const { GoogleAuth } = await import('google-auth-library');
    const auth = new GoogleAuth({ scopes: [SCOPE], ...(credentials === undefined ? {} : { credentials }) });
    const token = await orAborted(
      auth.getAccessToken().catch(() => undefined),
      signal,
    );
    if (typeof token !== 'string') throw new KeyServiceError('Google gives no access token');
    return token;
  };
}

/** Other kinds of credentials name files, programs and URLs of their own. */
function serviceAccount(text: string): object {
  let parsed: Readonly<Record<string, unknown>> | null;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new KeyServiceError('entry sops.gcp-kms is no JSON');
  }
  const { type, client_email, private_key } = parsed ?? {};
  if (type !== 'service_account' || typeof client_email !== 'string' || typeof private_key !== 'string') {
    throw new KeyServiceError('entry sops.gcp-kms is no service account key');
  }
  return { type, client_email, private_key };
}
