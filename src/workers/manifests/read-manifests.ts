import { HeapRoom, OutOfRoomError } from '../../shared/heap-room.ts';
import type { FileMap } from '../../shared/protocol/file-map.ts';
import { TaskError } from '../../shared/protocol/task-error.ts';
import type { CancelFlag } from '../../shared/protocol/tasks.ts';
import { parseResources, YamlError } from '../../shared/yaml/parse-resources.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import { stopIfCancelled } from '../cancel.ts';
import { quoted } from '../quoted.ts';
import type { BuiltObject } from './built-object.ts';
import { findManifests } from './walk.ts';

/** The objects of every plain manifest below a stage's path, in order. */
export function readManifests(files: FileMap, stagePath: string, flag: CancelFlag): readonly BuiltObject[] {
  const room = new HeapRoom();
  return findManifests(files, stagePath).flatMap((path) => {
    stopIfCancelled(flag);
    return objectsOf(path, files.read(path) ?? new Uint8Array(0), room);
  });
}

function objectsOf(path: string, bytes: Uint8Array, room: HeapRoom): readonly BuiltObject[] {
  const documents = parse(path, bytes, room);
  const inFile = documents.flatMap((document, index) => {
    const origin = documents.length === 1 ? quoted(path) : `${quoted(path)}, document ${index + 1}`;
    return flattened(document, origin);
  });
  return inFile.filter(({ object }) => !isLocalConfig(object));
}

function parse(path: string, bytes: Uint8Array, room: HeapRoom): readonly YamlValue[] {
  try {
    room.mustFit(2 * bytes.length); // as text
    return parseResources(decode(path, bytes), room);
  } catch (error) {
    if (error instanceof YamlError) {
      throw new TaskError('badManifest', `${quoted(path)} is not valid YAML: ${error.message}`);
    }
    if (error instanceof OutOfRoomError) {
      throw new TaskError('limitExceeded', `${quoted(path)} ${error.message} (--worker-memory)`);
    }
    throw error;
  }
}

function decode(path: string, bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new TaskError('badManifest', `${quoted(path)} is not UTF-8`);
  }
}

/** An empty document is none; a list stands for its items. */
function flattened(value: YamlValue, origin: string): readonly BuiltObject[] {
  if (value === null) return [];
  if (!isMap(value)) throw new TaskError('badManifest', `${origin} is not a Kubernetes object`);
  if (Object.keys(value).length === 0) return [];
  refuseCiphertext(value, origin);
  const { kind, items } = value;
  if (typeof kind !== 'string' || !kind.endsWith('List') || items === undefined) return [{ object: value, origin }];
  if (items === null) return [];
  if (!Array.isArray(items)) throw new TaskError('badManifest', `${origin}: "items" is not a list`);
  return items.flatMap((item: YamlValue, index) => flattened(item, `${origin}, item ${index + 1}`));
}

function refuseCiphertext(object: YamlMap, origin: string): void {
  if (isMap(object.sops) && object.sops.mac !== undefined) {
    throw new TaskError('badManifest', `${origin} is encrypted with SOPS, and the stage has no decryption`);
  }
}

/** kustomize keeps such objects to itself. */
function isLocalConfig({ metadata }: YamlMap): boolean {
  const annotations = isMap(metadata) ? metadata.annotations : undefined;
  return isMap(annotations) && annotations['config.kubernetes.io/local-config'] === 'true';
}
