import { decryptTree } from './decrypt-tree.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { SopsError } from './sops-error.ts';
import { dotenvStore } from './stores/dotenv.ts';
import { iniStore } from './stores/ini.ts';
import { binaryStore, jsonStore } from './stores/json.ts';
import type { Store } from './stores/store.ts';
import { yamlStore } from './stores/yaml.ts';
import type { TreeMap } from './tree.ts';

/** A file with SOPS metadata, read as far as that goes without a key. */
export interface EncryptedFile {
  readonly metadata: Metadata;
  /** Promises: all that it returns fits the file's MAC. */
  decrypt(dataKey: Uint8Array): Uint8Array;
}

/** As in Flux. */
const MAX_BYTES = 5 * 1024 * 1024;

/** Undefined for a file that SOPS did not encrypt. Throws a SopsError for one that it did, but that is broken. */
export function openEncrypted(path: string, bytes: Uint8Array): EncryptedFile | undefined {
  const store = storeOf(path, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (store === undefined) return undefined;
  if (bytes.length > MAX_BYTES) throw new SopsError(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
  const { documents, sops } = store.read(new TextDecoder().decode(bytes));
  const metadata = readMetadata(sops);
  return { metadata, decrypt: (dataKey) => decrypted(documents, metadata, dataKey, store) };
}

function decrypted(documents: readonly TreeMap[], metadata: Metadata, dataKey: Uint8Array, store: Store): Uint8Array {
  return Buffer.from(store.print(decryptTree(documents, metadata, dataKey)));
}

/** A file is of the format that its name says if it can be, else of the one that it looks like. */
function storeOf(path: string, bytes: Buffer): Store | undefined {
  if (!bytes.includes('ENC[AES256_GCM,') || !bytes.includes('sops')) return undefined;
  const named = formats.find(({ name, marker }) => name.test(path) && marker(bytes));
  return (named ?? formats.find(({ marker }) => marker(bytes)))?.store;
}

interface Format {
  readonly name: RegExp;
  /** Cheap: most files are not encrypted. */
  readonly marker: (bytes: Buffer) => boolean;
  readonly store: Store;
}

const isJson = (bytes: Buffer) =>
  /^\s*\{/.test(bytes.toString('latin1', 0, 1024)) && /"mac"\s*:\s*"ENC\[/.test(tail(bytes));

const formats: readonly Format[] = [
  { name: /\.json$/, marker: isJson, store: jsonStore },
  { name: /\.env$/, marker: (bytes) => /^sops_mac=ENC\[/m.test(tail(bytes)), store: dotenvStore },
  { name: /\.ini$/, marker: (bytes) => /^\[sops\]/m.test(bytes.toString('latin1')), store: iniStore },
  // JSON is YAML, so only a name tells such a file from one that was wrapped in JSON because it is of no other format.
  { name: /\.ya?ml$/, marker: (bytes) => hasYamlMetadata(bytes), store: yamlStore },
  { name: /(?:)/, marker: isJson, store: binaryStore },
];

function hasYamlMetadata(bytes: Buffer): boolean {
  const text = bytes.toString('latin1');
  return /^(?:sops|"sops"|'sops'):/m.test(text) || (/^\s*\{/.test(text) && /"?sops"?\s*:/.test(text));
}

function tail(bytes: Buffer): string {
  return bytes.toString('latin1');
}
