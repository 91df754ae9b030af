import type { GoogleAuth } from 'google-auth-library';
import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { OutboundClient } from '../outbound/client.ts';
import { exchange, refusal } from './exchange.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';

export type GcpKey = Extract<RemoteKey, { readonly type: 'gcp_kms' }>;

export interface GcpAccess {
  readonly accessToken: (signal: AbortSignal) => Promise<string>;
  readonly unguarded: OutboundClient;
  readonly endpoint?: string;
}

const RESOURCE =
  /^projects\/[\w:.-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+(?:\/cryptoKeyVersions\/\d+)?$/;

/** Google Cloud KMS, over REST: gRPC would bring connections of its own, past the outbound client. */
export function gcpService({
  accessToken,
  unguarded,
  endpoint = 'https://cloudkms.googleapis.com',
}: GcpAccess): KeyService<GcpKey> {
  return {
    async unwrap({ resourceId, enc }, signal) {
      if (!RESOURCE.test(resourceId)) throw new KeyServiceError('its resource id is not valid');
      const token = await accessToken(signal);
      const { KeyManagementServiceClient } = await import('@google-cloud/kms');
      const { hostname, port, protocol } = new URL(endpoint);
      const kms = new KeyManagementServiceClient({
        fallback: true,
        apiEndpoint: hostname,
        protocol: protocol.replace(':', ''),
        ...(port === '' ? {} : { port: Number(port) }),
        auth: authorizedBy(token, (url, init) => send(unguarded, url, init, signal)),
      });
      const name = resourceId.replace(/\/cryptoKeyVersions\/\d+$/, '');
      try {
        const [{ plaintext }] = await kms.decrypt({ name, ciphertext: enc }, { retry: { retryCodes: [] } });
        if (!plaintext?.length) throw new KeyServiceError('the answer holds no key');
        return new Uint8Array(Buffer.from(plaintext as string, 'base64'));
      } catch (error) {
        signal.throwIfAborted();
        if (error instanceof KeyServiceError) throw error;
        throw new KeyServiceError('the answer is not one of Google Cloud KMS');
      }
    },
  };
}

type Fetch = (url: string, init: { readonly body: string; readonly headers: Headers }) => Promise<Response>;

/** All of GoogleAuth that the library asks for over REST, so that its requests go our way. */
function authorizedBy(token: string, fetch: Fetch): GoogleAuth {
  const getRequestHeaders = async () => new Headers();
  const withToken: Fetch = (url, { body, headers }) => {
    headers.set('authorization', `Bearer ${token}`);
    return fetch(url, { body, headers });
  };
  return { getRequestHeaders, fetch: withToken } as unknown as GoogleAuth;
}

async function send(
  client: OutboundClient,
  url: string,
  { body, headers }: Parameters<Fetch>[1],
  signal: AbortSignal,
): Promise<Response> {
  const question = { url: new URL(url), method: 'POST', headers: Object.fromEntries(headers), body } as const;
  const answer = await exchange(client, question, signal);
  if (answer.status !== 200) throw refusal(question.url, answer.status);
  return new Response(answer.body);
}
