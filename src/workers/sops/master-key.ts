import { fieldsOf, listOf, type Plain, textOf } from './plain.ts';

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

type Fields = Readonly<Record<string, Plain>>;

/** Of a file's metadata or of one of its key groups, cheapest first: what needs no network before what does. */
export function masterKeysOf(fields: Fields): readonly MasterKey[] {
  return readers.flatMap(({ field, read }) => listOf(fields[field]).map((key) => read(fieldsOf(key))));
}

const readers: readonly { readonly field: string; readonly read: (key: Fields) => MasterKey }[] = [
  { field: 'age', read: (key) => ({ type: 'age', recipient: textOf(key.recipient), enc: textOf(key.enc) }) },
  { field: 'pgp', read: (key) => ({ type: 'pgp', fingerprint: textOf(key.fp), enc: textOf(key.enc) }) },
  {
    field: 'kms',
    read: (key) => ({
      type: 'kms',
      arn: textOf(key.arn),
      role: textOf(key.role),
      context: Object.fromEntries(Object.entries(fieldsOf(key.context)).map(([name, value]) => [name, textOf(value)])),
      enc: textOf(key.enc),
    }),
  },
  { field: 'gcp_kms', read: (key) => ({ type: 'gcp_kms', resourceId: textOf(key.resource_id), enc: textOf(key.enc) }) },
  {
    field: 'azure_kv',
    read: (key) => ({
      type: 'azure_kv',
      vaultUrl: textOf(key.vault_url),
      name: textOf(key.name),
      version: textOf(key.version),
      enc: textOf(key.enc),
    }),
  },
  {
    field: 'hc_vault',
    read: (key) => ({
      type: 'hc_vault',
      address: textOf(key.vault_address),
      enginePath: textOf(key.engine_path),
      keyName: textOf(key.key_name),
      enc: textOf(key.enc),
    }),
  },
  { field: 'hckms', read: (key) => ({ type: 'hckms', keyId: textOf(key.key_id), enc: textOf(key.enc) }) },
];

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
