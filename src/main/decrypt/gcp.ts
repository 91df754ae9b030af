import type { RemoteKey } from '../../shared/sops/master-key.ts';
import type { OutboundClient } from '../outbound/client.ts';
import { decodePart } from './decode-part.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';
import { postJson } from './post-json.ts';

export type GcpKey = Extract<RemoteKey, { readonly type: 'gcp_kms' }>;

export interface GcpAccess {
  readonly accessToken: (signal: AbortSignal) => Promise<string>;
  readonly unguarded: OutboundClient;
  readonly endpoint?: string;
}

const RESOURCE =
  /^projects\/[\w:.-]+\/locations\/[\w-]+\/keyRings\/[\w-]+\/cryptoKeys\/[\w-]+(?:\/cryptoKeyVersions\/\d+)?$/;

/**
 * Google Cloud KMS by REST with Google's own authentication library: its KMS package weighs 41 MB against 13 and brings
 * gRPC, for one call.
 */
export function gcpService({
  accessToken,
  unguarded,
  endpoint = 'https://cloudkms.googleapis.com',
}: GcpAccess): KeyService<GcpKey> {
  return {
    async unwrap({ resourceId, enc }, signal) {
      if (!RESOURCE.test(resourceId)) throw new KeyServiceError('its resource id is not valid');
      const token = await accessToken(signal);
      const url = new URL(`/v1/${resourceId.replace(/\/cryptoKeyVersions\/\d+$/, '')}:decrypt`, endpoint);
      const post = { url, headers: { authorization: `Bearer ${token}` }, body: { ciphertext: enc } };
      const { plaintext } = await postJson(unguarded, post, signal);
      return decodePart(plaintext);
    },
  };
}
