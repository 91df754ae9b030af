import type { KMSClientConfig } from '@aws-sdk/client-kms';
import type { AwsKmsKey } from '../../shared/sops/master-key.ts';
import { entryFields } from './entry-fields.ts';
import { type KeyService, KeyServiceError } from './key-service.ts';

export interface AwsAccess {
  /** Entry `sops.aws-kms` of the tenant's Secret; without it the controller's own identity is used. */
  readonly tenantCredentials?: string | undefined;
  readonly endpoint?: string;
}

const ARN = /^arn:aws[\w-]*:kms:([a-z]{2}(?:-[a-z]+)+-\d):\d+:(?:key|alias)\/[\w/-]+$/;
const ROLE = /^arn:aws[\w-]*:iam::\d+:role\/[\w+=,.@/-]+$/;

/** AWS KMS; the region is that of the key. */
export function awsService({ tenantCredentials, endpoint }: AwsAccess): KeyService<AwsKmsKey> {
  return {
    async unwrap({ arn, role, context, enc }, signal) {
      const region = ARN.exec(arn)?.[1];
      if (region === undefined) throw new KeyServiceError('its ARN is not valid');
      const { KMSClient, DecryptCommand } = await import('@aws-sdk/client-kms');
      const credentials = await credentialsFor({ role, region, entry: tenantCredentials, endpoint });
      const client = new KMSClient({
        region,
        maxAttempts: 1,
        ...credentials,
        ...(endpoint === undefined ? {} : { endpoint }),
      });
      const command = new DecryptCommand({
        KeyId: arn,
        CiphertextBlob: Buffer.from(enc, 'base64'),
        EncryptionContext: context,
      });
      try {
        const { Plaintext } = await client.send(command, { abortSignal: signal });
        if (!Plaintext?.length) throw new KeyServiceError('the answer holds no key');
        return Plaintext;
      } catch (error) {
        signal.throwIfAborted();
        throw reasonOf(error);
      } finally {
        client.destroy();
      }
    },
  };
}

/** The exception's name tells denied, throttled and a wrong context apart; its message may quote identities. */
function reasonOf(error: unknown): KeyServiceError {
  if (error instanceof KeyServiceError) return error;
  const { name, code, $fault, $metadata } = error as AwsError;
  if ($fault !== undefined && /^\w+$/.test(name)) {
    const isPassing = /Throttling|LimitExceeded/.test(name) || ($metadata?.httpStatusCode ?? 0) >= 500;
    return new KeyServiceError(`AWS answers ${name}`, { isPassing });
  }
  if (name === 'CredentialsProviderError') return new KeyServiceError('there are no credentials for AWS');
  if (code !== undefined) return new KeyServiceError(`AWS cannot be reached: ${code}`, { isPassing: true });
  return new KeyServiceError('the answer is not one of AWS KMS');
}

interface AwsError {
  readonly name: string;
  /** On what the service answered. */
  readonly $fault?: unknown;
  readonly $metadata?: { readonly httpStatusCode?: number };
  /** Node's, where no answer came. */
  readonly code?: string;
}

interface CredentialWish {
  readonly role: string;
  readonly region: string;
  readonly entry: string | undefined;
  readonly endpoint: string | undefined;
}

async function credentialsFor(wish: CredentialWish): Promise<Pick<KMSClientConfig, 'credentials'>> {
  const { role, region, entry, endpoint } = wish;
  const credentials = entry === undefined ? undefined : tenantKeys(entry);
  if (role === '') return credentials === undefined ? {} : { credentials };
  if (!ROLE.test(role)) throw new KeyServiceError('its role is no ARN of a role');
  const { fromTemporaryCredentials } = await import('@aws-sdk/credential-providers');
  return {
    credentials: fromTemporaryCredentials({
      params: { RoleArn: role, RoleSessionName: 'stageset-controller' },
      clientConfig: { region, maxAttempts: 1, ...(endpoint === undefined ? {} : { endpoint }) },
      ...(credentials === undefined ? {} : { masterCredentials: credentials }),
    }),
  };
}

function tenantKeys(entry: string): { accessKeyId: string; secretAccessKey: string; sessionToken?: string } {
  const { aws_access_key_id, aws_secret_access_key, aws_session_token } = entryFields('sops.aws-kms', entry);
  if (aws_access_key_id === undefined || aws_secret_access_key === undefined) {
    throw new KeyServiceError('entry sops.aws-kms lacks aws_access_key_id or aws_secret_access_key');
  }
  const keys = { accessKeyId: aws_access_key_id, secretAccessKey: aws_secret_access_key };
  return aws_session_token === undefined ? keys : { ...keys, sessionToken: aws_session_token };
}
