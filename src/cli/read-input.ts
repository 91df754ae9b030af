import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { HeapRoom } from '../shared/heap-room.ts';
import { parseResources, YamlError } from '../shared/yaml/parse-resources.ts';
import { isMap, type YamlMap } from '../shared/yaml/yaml-value.ts';
import { RuntimeError, whyUnreadable } from './cli-error.ts';

/** A file that a flag names; `-` is standard input. */
export async function readInput(path: string, flag: string): Promise<string> {
  try {
    return path === '-' ? await text(process.stdin) : await readFile(path, 'utf8');
  } catch (error) {
    throw new RuntimeError(`${flag} ${path}: cannot be read: ${whyUnreadable(error)}`);
  }
}

/** The objects in such a file, in its order; what is inside a List counts as if it stood alone. */
export async function readObjects(path: string, flag: string): Promise<readonly YamlMap[]> {
  const content = await readInput(path, flag);
  try {
    const documents = parseResources(content, new HeapRoom()).filter((document) => document !== null);
    return documents.flatMap((document) => {
      if (!isMap(document)) throw new YamlError('it holds something that is no Kubernetes object');
      return document.kind === 'List' && Array.isArray(document.items) ? document.items.filter(isMap) : [document];
    });
  } catch (error) {
    if (error instanceof YamlError) throw new RuntimeError(`${flag} ${path}: ${error.message}`);
    throw error;
  }
}
