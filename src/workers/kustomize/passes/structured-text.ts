import { HeapRoom } from '../../../shared/heap-room.ts';
import { goJson } from '../nodes/go-json.ts';
import { lookUp } from '../nodes/lookup.ts';
import { isList, isMap, type Node, type NodeMap } from '../nodes/node.ts';
import { parseNodes } from '../nodes/parse-nodes.ts';
import { putScalar, taggedScalar, tagOf, textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { editYaml } from './edit-yaml.ts';
import type { Target } from './find-targets.ts';

type Find = (root: Node, path: readonly string[]) => readonly Target[];

/**
 * Fills targets inside of a scalar on the way that holds a document of its own, JSON or YAML, as a ConfigMap's entry
 * may. False when there is none such: then nothing has happened.
 */
export function setInText(root: NodeMap, path: readonly string[], find: Find, put: (target: Target) => void): boolean {
  const found = documentOnTheWay(root, path);
  if (found === undefined) return false;
  const { scalarPath, document, text } = found;
  // Whatever goes wrong inside of the document, the path is then taken for one of the object alone.
  const after = attempt(() => {
    const targets = find(document, path.slice(scalarPath.length));
    for (const target of targets) put(target);
    return targets.length === 0 ? undefined : printed(document, text);
  });
  if (after === undefined) return false;
  const holder = lookUp(root, scalarPath.slice(0, -1)) as NodeMap;
  const key = scalarPath.at(-1) ?? '';
  putScalar(holder, key, taggedScalar(tagOf(holder[key] as Node), after));
  return true;
}

interface TextDocument {
  readonly scalarPath: readonly string[];
  readonly document: Node;
  readonly text: string;
}

function documentOnTheWay(root: NodeMap, path: readonly string[]): TextDocument | undefined {
  for (let length = 1; length < path.length; length++) {
    const scalarPath = path.slice(0, length);
    const node = attempt(() => lookUp(root, scalarPath));
    if (node === undefined || isMap(node) || isList(node)) continue;
    const document = parseText(node);
    return document === undefined ? undefined : { scalarPath, document, text: textOf(node) };
  }
  return undefined;
}

/** Undefined when it is no document, or only a scalar again. */
export function parseText(node: Node): Node | undefined {
  const [document] = attempt(() => parseNodes(textOf(node), new HeapRoom())) ?? [];
  return isMap(document) || isList(document) ? document : undefined;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof Problem) return undefined;
    throw error;
  }
}

/** As it was written: JSON as JSON, over several lines if it was. */
function printed(document: Node, before: string): string {
  const isJson = /^[[{]/.test(before.trim());
  if (!isJson) return editYaml(before, document);
  const isPretty = before.includes('\n') && before.includes('  ');
  return goJson(document, { layout: isPretty ? 'pretty' : 'compact', integers: 'exact' });
}
