import { OutOfRoomError } from '../../shared/heap-room.ts';
import type { FileMap } from '../../shared/protocol/file-map.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { WantedKeys } from '../../shared/sops/unwrapped.ts';
import { quoted } from '../quoted.ts';
import { findDataKey } from './data-key.ts';
import { type SopsFormat, sopsFormat } from './format.ts';
import { type KeyRing, tryKeysOf } from './key-ring.ts';
import { SopsError } from './sops-error.ts';

export type Decrypted<T> =
  | { readonly is: 'built'; readonly value: T }
  /** Nothing was built: the same build with these keys unwrapped gets further. */
  | { readonly is: 'wanting'; readonly keys: WantedKeys };

/**
 * Builds on files that read in clear. A build reads files at once, but keys take their time: it runs on ciphertext until
 * it has named the encrypted files that it reads, and again once they are open, so that nothing else is looked at.
 */
export async function decryptWhileBuilding<T>(
  files: FileMap,
  keyRing: KeyRing,
  build: (files: FileMap, wasEncrypted: (path: string) => boolean) => T,
): Promise<Decrypted<T>> {
  const clear = new Map<string, Uint8Array>();
  for (;;) {
    const locked = new Map<string, LockedFile>();
    const attempt = settle(() => build(reading(files, clear, locked), (path) => clear.has(path)));
    if (locked.size === 0) return { is: 'built', value: attempt() };
    const wanted = await unlock(locked, clear, keyRing);
    if (wanted.length > 0) return { is: 'wanting', keys: wanted };
  }
}

interface LockedFile {
  readonly format: SopsFormat;
  readonly bytes: Uint8Array;
}

/** Files for a stage without decryption: an encrypted one that the build reads fails it. */
export function refuseEncrypted(files: FileMap): FileMap {
  return {
    list: (directory) => files.list(directory),
    paths: () => files.paths(),
    read: (path) => {
      const bytes = files.read(path);
      if (bytes !== undefined && sopsFormat(path, bytes) !== undefined) {
        throw new TaskError('badManifest', `${quoted(path)} is encrypted with SOPS, and the stage has no decryption`);
      }
      return bytes;
    },
  };
}

function reading(files: FileMap, clear: ReadonlyMap<string, Uint8Array>, locked: Map<string, LockedFile>): FileMap {
  return {
    list: (directory) => files.list(directory),
    paths: () => files.paths(),
    read: (path) => {
      const bytes = clear.get(path) ?? files.read(path);
      if (bytes === undefined || clear.has(path)) return bytes;
      const format = sopsFormat(path, bytes);
      if (format !== undefined) locked.set(path, { format, bytes });
      return bytes;
    },
  };
}

async function unlock(
  locked: ReadonlyMap<string, LockedFile>,
  clear: Map<string, Uint8Array>,
  keyRing: KeyRing,
): Promise<WantedKeys> {
  // Here, for what reads the formats takes its time to load, and most stages have nothing encrypted.
  const { openEncrypted } = await import('./encrypted-file.ts');
  const wanted = new Map<string, WantedKeys[number]>();
  for (const [path, { format, bytes }] of locked) {
    try {
      const encrypted = openEncrypted(format, bytes);
      const answer = await findDataKey(encrypted.metadata, tryKeysOf(keyRing));
      if (answer.is === 'found') clear.set(path, encrypted.decrypt(answer.dataKey));
      else for (const group of answer.keys) wanted.set(JSON.stringify(group), group);
    } catch (error) {
      throw namingFile(path, error);
    }
  }
  return [...wanted.values()];
}

function namingFile(path: string, error: unknown): unknown {
  if (error instanceof OutOfRoomError) {
    return new TaskError('limitExceeded', `${quoted(path)} ${error.message} (--worker-memory)`);
  }
  if (!(error instanceof SopsError)) return error;
  return new TaskError('badManifest', `${quoted(path)} cannot be decrypted: ${error.message}`);
}

/** Runs now; what it returns or throws comes out when asked for. */
function settle<T>(run: () => T): () => T {
  try {
    const value = run();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
