import type { HeapRoom } from '../../../shared/heap-room.ts';
import { isList, isMap, isMissingOrNull, isNilOrEmpty, type Node, type NodeMap } from '../nodes/node.ts';
import { parseNodes } from '../nodes/parse-nodes.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';

/** The objects of a file: a list stands for its items, an empty document for none. */
export function readObjects(text: string, room: HeapRoom): readonly NodeMap[] {
  const documents = unwrapped(parseNodes(text, room));
  const waiting = documents.filter((node) => !isNilOrEmpty(node)).map(checked);
  const objects: NodeMap[] = [];
  // The items of a list come after everything that stands beside the list.
  for (let at = 0; at < waiting.length; at++) {
    const object = waiting[at] as NodeMap;
    const items = itemsOf(object);
    if (items === undefined) objects.push(object);
    else waiting.push(...items.filter((item) => !isNilOrEmpty(item)).map(checked));
  }
  return objects;
}

/** A file that is nothing but one list. */
function unwrapped(documents: readonly Node[]): readonly Node[] {
  const [only] = documents;
  if (documents.length !== 1 || !isMap(only) || only.items === undefined) return documents;
  const kind = textOf(only.kind);
  if (kind !== 'List' && kind !== 'ResourceList') return documents;
  return isList(only.items) ? only.items : [];
}

/** Undefined for what is no list; something that is called a list and has no items is an object. */
function itemsOf(object: NodeMap): readonly Node[] | undefined {
  if (!textOf(object.kind).endsWith('List') || !('items' in object)) return undefined;
  const { items } = object;
  if (isMissingOrNull(items)) return [];
  if (!isList(items)) throw new Problem('syntax', `"items" of a ${textOf(object.kind)} is not a list`);
  return items;
}

function checked(node: Node): NodeMap {
  refuseNameless(node);
  return node as NodeMap;
}

/** An object has a kind and, unless it is a list, a name. */
export function refuseNameless(node: Node): void {
  if (!isMap(node)) throw new Problem('syntax', 'not a Kubernetes object');
  const kind = isMissingOrNull(node.kind) ? '' : textOf(node.kind);
  if (kind === '') throw new Problem('syntax', 'an object has no kind');
  const { metadata } = node;
  const name = isMap(metadata) ? metadata.name : undefined;
  if (!kind.endsWith('List') && (isNilOrEmpty(name) || textOf(name) === '')) {
    throw new Problem('syntax', `an object of kind ${kind} has no metadata.name`);
  }
}
