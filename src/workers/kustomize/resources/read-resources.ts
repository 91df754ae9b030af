import type { HeapRoom } from '../../../shared/heap-room.ts';
import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { yamlValueOf } from '../nodes/finish.ts';
import { goNumber } from '../nodes/go-json.ts';
import { isList, isMap, isMissingOrNull, isNilOrEmpty, type Node, NodeMap } from '../nodes/node.ts';
import { type Blocks, parseNodes } from '../nodes/parse-nodes.ts';
import { plainScalar, quotedText, textOf } from '../nodes/scalars.ts';
import { Problem, placed } from '../problem.ts';

/** An object, and where it stands: its file and, where that holds more than it, which document or item it is. */
export interface ReadObject {
  readonly node: NodeMap;
  readonly source: string;
}

/** The objects of a file: a list stands for its items, an empty document for none. */
export function readObjects(text: string, room: HeapRoom, file: string, blocks?: Blocks): readonly ReadObject[] {
  const documents = placed(file, () => parseNodes(text, room, blocks));
  const isOnly = documents.length === 1;
  const waiting = documents.flatMap((node, index) => {
    if (isNilOrEmpty(node)) return [];
    const source = isOnly ? file : `${file}, document ${index + 1}`;
    // A file that is nothing but a list needs no kind that ends in List.
    return isOnly && isWrapper(node) ? checkedItems(node.items, source) : [checked(node, source)];
  });
  const objects: ReadObject[] = [];
  // The items of a list come after everything that stands beside the list.
  for (let at = 0; at < waiting.length; at++) {
    const { node, source } = waiting[at] as ReadObject;
    const items = itemsOf(node, source);
    if (items === undefined) objects.push({ node, source });
    else for (const item of checkedItems(items.map(throughJson), source)) waiting.push(item);
  }
  return objects;
}

/** kustomize takes the items of a list to JSON and back: of a scalar's text only the value is left. */
function throughJson(node: Node): Node {
  return fromJson(yamlValueOf(node));
}

function fromJson(value: YamlValue): Node {
  if (typeof value === 'string') return quotedText(value);
  if (typeof value === 'number') return plainScalar(goNumber(value));
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(fromJson);
  const map = new NodeMap();
  for (const [key, item] of Object.entries(value)) map[key] = fromJson(item);
  return map;
}

function checkedItems(items: Node | undefined, source: string): readonly ReadObject[] {
  if (!isList(items)) return [];
  return items.flatMap((item, index) => (isNilOrEmpty(item) ? [] : [checked(item, `${source}, item ${index + 1}`)]));
}

function isWrapper(node: Node): node is NodeMap {
  if (!isMap(node) || node.items === undefined) return false;
  const kind = textOf(node.kind);
  return (kind === 'List' || kind === 'ResourceList') && (isList(node.items) || isMissingOrNull(node.items));
}

/** Undefined for what is no list; something that is called a list and has no items is an object. */
function itemsOf(object: NodeMap, source: string): Node[] | undefined {
  if (!textOf(object.kind).endsWith('List') || !('items' in object)) return undefined;
  const { items } = object;
  if (isMissingOrNull(items)) return [];
  if (!isList(items)) throw new Problem('syntax', '"items" is not a list', source);
  return items;
}

function checked(node: Node, source: string): ReadObject {
  refuseNameless(node, source);
  return { node: node as NodeMap, source };
}

/** An object has a kind and, unless it is a list, a name. */
export function refuseNameless(node: Node, source: string): void {
  if (!isMap(node)) throw new Problem('syntax', `${source} is not a Kubernetes object`);
  const kind = isMissingOrNull(node.kind) ? '' : textOf(node.kind);
  if (kind === '') throw new Problem('syntax', 'kind is missing', source);
  const metadata = isMap(node.metadata) ? node.metadata : new NodeMap();
  if (kind.endsWith('List') || (!isNilOrEmpty(metadata.name) && textOf(metadata.name) !== '')) return;
  const reason =
    metadata.generateName === undefined
      ? 'metadata.name is missing'
      : 'it has metadata.generateName, which cannot be applied: give it a metadata.name';
  throw new Problem('syntax', reason, source);
}
