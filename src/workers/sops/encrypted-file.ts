import { HeapRoom } from '../../shared/heap-room.ts';
import { decryptTree } from './decrypt-tree.ts';
import type { SopsFormat } from './format.ts';
import { type Metadata, readMetadata } from './metadata.ts';
import { SopsError } from './sops-error.ts';
import { dotenvStore } from './stores/dotenv.ts';
import { iniStore } from './stores/ini.ts';
import { binaryStore, jsonStore } from './stores/json.ts';
import type { Store } from './stores/store.ts';
import { yamlStore } from './stores/yaml.ts';
import { isList, TreeMap, type TreeValue } from './tree.ts';

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

/** What one value takes of the heap until it is printed, as measured, with the parser's share in it. */
const bytesPerValue: Readonly<Record<SopsFormat, number>> = {
  json: 400,
  dotenv: 600,
  ini: 600,
  yaml: 1_200,
  binary: 400,
};
const INDENT_BYTES = 4;

/** Throws a SopsError for a file that is broken, an OutOfRoomError for one that could fill the heap. */
export function openEncrypted(format: SopsFormat, bytes: Uint8Array): EncryptedFile {
  if (bytes.length > MAX_BYTES) throw new SopsError(`it is larger than ${MAX_BYTES / 1024 / 1024} MiB`);
  new HeapRoom().mustFit(valuesIn(bytes) * bytesPerValue[format]);
  const store = stores[format];
  const { documents, sops } = store.read(new TextDecoder().decode(bytes));
  const metadata = readMetadata(sops);
  return {
    metadata,
    decrypt(dataKey) {
      const clear = decryptTree(documents, metadata, dataKey);
      new HeapRoom().mustFit(clear.reduce((sum, document) => sum + levelsIn(document, 0), 0) * INDENT_BYTES);
      return Buffer.from(store.print(clear));
    },
  };
}

/** At most: none of the formats holds two without one of these characters between them. */
function valuesIn(bytes: Uint8Array): number {
  let count = 1;
  for (const byte of bytes) if (separators.has(byte)) count++;
  return count;
}

const separators: ReadonlySet<number> = new Set(Buffer.from('\n,:[{'));

/** How far its values stand in, together: printed, a small list deep down is a large one. */
function levelsIn(value: TreeValue, depth: number): number {
  if (value instanceof TreeMap) {
    return value.items.reduce((sum, item) => sum + levelsIn(item.value, depth + 1), depth);
  }
  return isList(value) ? value.reduce<number>((sum, item) => sum + levelsIn(item, depth + 1), depth) : depth;
}
