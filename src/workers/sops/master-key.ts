import type { MasterKey } from '../../shared/sops/master-key.ts';
import { fieldsOf, listOf, type Plain, textOf } from './plain.ts';

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
