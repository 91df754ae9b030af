import { randomBytes } from 'node:crypto';
import type { DecryptionKeys } from '../../src/shared/protocol/tasks.ts';
import type { RemoteKey } from '../../src/shared/sops/master-key.ts';
import { sopsWriter } from '../support/sops-file.ts';

// Files as SOPS seals them, whose key is at hand: what is wrong with them comes to light behind it.

const dataKey = randomBytes(32);
export const { encrypt, macOf } = sopsWriter(dataKey);

const vault = { vault_address: 'https://vault', engine_path: 'sops', key_name: 'k', enc: 'vault:v1:x' };
const key: RemoteKey = { type: 'hc_vault', address: 'https://vault', enginePath: 'sops', keyName: 'k', enc: vault.enc };

export const opening: DecryptionKeys = {
  entries: new Map(),
  unwrapped: [{ key, outcome: { is: 'opened', part: dataKey } }],
};

export type Metadata = Readonly<Record<string, unknown>>;

/** With the MAC of these values, in this order. */
export function metadataFor(...values: readonly string[]): Metadata {
  return { hc_vault: [vault], lastmodified: '2030-01-01T00:00:00Z', mac: macOf(...values), version: '3.13.3' };
}

export interface Sealed {
  readonly name: string;
  readonly path: string;
  readonly kustomization: string;
  readonly metadata: Metadata;
  file(metadata: Metadata): string;
}

/** A Secret's password in each of SOPS's formats, and how a build comes to read it. */
export function sealedFiles(password: string): readonly Sealed[] {
  const manifest = {
    metadata: { ...metadataFor('v1', 'Secret', 's', password), encrypted_regex: '^stringData$' },
    file: (metadata: Metadata) =>
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 's' },
        stringData: { p: encrypt(password, 'stringData:p:') },
        sops: metadata,
      }),
  };
  const metadata = metadataFor(password);
  const generated = (source: string) => `secretGenerator: [{name: g, ${source}}]\n`;
  return [
    { ...manifest, name: 'JSON', path: 'a.json', kustomization: 'resources: [a.json]\n' },
    { ...manifest, name: 'YAML', path: 'a.yaml', kustomization: 'resources: [a.yaml]\n' },
    {
      name: 'dotenv',
      path: 'a.env',
      kustomization: generated('envs: [a.env]'),
      metadata,
      file: (fields) => `P=${encrypt(password, 'P:')}\n${flat(fields, 'sops_')}`,
    },
    {
      name: 'INI',
      path: 'a.ini',
      kustomization: generated('files: [a.ini]'),
      metadata,
      file: (fields) => `[s]\nP = ${encrypt(password, 's:P:')}\n\n[sops]\n${flat(fields, '')}`,
    },
    {
      name: 'binary',
      path: 'a.bin',
      kustomization: generated('files: [a.bin]'),
      metadata,
      file: (fields) => JSON.stringify({ data: encrypt(password, 'data:'), sops: fields }),
    },
  ];
}

/** As formats without nesting hold it. */
export function flat(metadata: Metadata, prefix: string): string {
  return [...flatten(metadata)].map(([path, value]) => `${prefix}${path}=${value}\n`).join('');
}

function* flatten(value: unknown, path = ''): Generator<readonly [path: string, value: string]> {
  if (typeof value !== 'object' || value === null) {
    yield [path, String(value).replaceAll('\n', '\\n')];
    return;
  }
  const step = Array.isArray(value) ? '__list_' : '__map_';
  for (const [key, item] of Object.entries(value)) yield* flatten(item, path === '' ? key : `${path}${step}${key}`);
}
