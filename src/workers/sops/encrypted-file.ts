import { decryptTree } from './decrypt-tree.ts';
import type { SopsFormat } from './format.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { SopsError } from './sops-error.ts';
import { dotenvStore } from './stores/dotenv.ts';
import { iniStore } from './stores/ini.ts';
import { binaryStore, jsonStore } from './stores/json.ts';
import type { Store } from './stores/store.ts';
import { yamlStore } from './stores/yaml.ts';

/** A file with SOPS metadata, read as far as that goes without a key. */
export interface EncryptedFile {
  readonly metadata: Metadata;
  /** Promises: all that it returns fits the file's MAC. */
  decrypt(dataKey: Uint8Array): Uint8Array;
}

/** As in Flux. */
const MAX_BYTES = 5 * 1024 * 1024;

const stores: Readonly<Record<SopsFormat, Store>> = {
  json: jsonStore,
  dotenv: dotenvStore,
  ini: iniStore,
  yaml: yamlStore,
  binary: binaryStore,
};

/** Throws a SopsError for a file that is broken. */
export function openEncrypted(format: SopsFormat, bytes: Uint8Array): EncryptedFile {
  if (bytes.length > MAX_BYTES) throw new SopsError(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
  const store = stores[format];
  const { documents, sops } = store.read(new TextDecoder().decode(bytes));
  const metadata = readMetadata(sops);
  return { metadata, decrypt: (dataKey) => Buffer.from(store.print(decryptTree(documents, metadata, dataKey))) };
}
