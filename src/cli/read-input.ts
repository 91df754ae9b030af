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

/** The objects in such a file, in its order; what is inside a list counts as if it stood alone. */
export async function readObjects(path: string, flag: string): Promise<readonly YamlMap[]> {
  const content = await readInput(path, flag);
  try {
    const documents = parseResources(content, new HeapRoom()).filter((document) => document !== null);
    return documents.flatMap((document) => {
      if (!isMap(document)) throw new YamlError('it holds something that is no Kubernetes object');
      return objectsOf(document);
    });
  } catch (error) {
    if (error instanceof YamlError) throw new RuntimeError(`${flag} ${path}: ${error.message}`);
    throw error;
  }
}

/** A List, or what an API server answers: a ConfigMapList, say, whose items need not tell what they are. */
export function objectsOf(document: YamlMap): readonly YamlMap[] {
  const { apiVersion, kind, items } = document;
  if (typeof kind !== 'string' || !kind.endsWith('List') || items === undefined) return [document];
  const common = kind === 'List' || apiVersion === undefined ? {} : { apiVersion, kind: kind.slice(0, -'List'.length) };
  return (Array.isArray(items) ? items : []).filter(isMap).map((item) => ({ ...common, ...item }));
}
