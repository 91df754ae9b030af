/** A key that encrypts a file's data key, or a share of it; `enc` is what it made of it. */
export type MasterKey =
  | { readonly type: 'age'; readonly recipient: string; readonly enc: string }
  | { readonly type: 'pgp'; readonly fingerprint: string; readonly enc: string }
  | AwsKmsKey
  | { readonly type: 'gcp_kms'; readonly resourceId: string; readonly enc: string }
  | {
      readonly type: 'azure_kv';
      readonly vaultUrl: string;
      readonly name: string;
      readonly version: string;
      readonly enc: string;
    }
  | {
      readonly type: 'hc_vault';
      readonly address: string;
      readonly enginePath: string;
      readonly keyName: string;
      readonly enc: string;
    }
  | { readonly type: 'hckms'; readonly keyId: string; readonly enc: string };

export interface AwsKmsKey {
  readonly type: 'kms';
  readonly arn: string;
  readonly role: string;
  readonly context: Readonly<Record<string, string>>;
  readonly enc: string;
}

/** One that somebody else's machine has to be asked for. */
export type RemoteKey = Exclude<MasterKey, { readonly type: 'age' | 'pgp' }>;

/** As a message names it. */
export function describeKey(key: MasterKey): string {
  switch (key.type) {
    case 'age':
      return `age ${key.recipient}`;
    case 'pgp':
      return `PGP ${key.fingerprint}`;
    case 'kms':
      return `AWS KMS ${key.arn}`;
    case 'gcp_kms':
      return `GCP KMS ${key.resourceId}`;
    case 'azure_kv':
      return `Azure Key Vault ${key.vaultUrl}/keys/${key.name}/${key.version}`;
    case 'hc_vault':
      return `Vault ${key.address}/v1/${key.enginePath}/keys/${key.keyName}`;
    case 'hckms':
      return `HuaweiCloud KMS ${key.keyId}`;
    default:
      return key satisfies never;
  }
}
