import type { HeapRoom } from '../../../shared/heap-room.ts';
import { isMap as isValueMap, type YamlMap, type YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { goFloatText } from '../nodes/go-float.ts';
import { isMap, type Node, NodeMap, Scalar } from '../nodes/node.ts';
import { newText } from '../nodes/scalars.ts';
import { refuseTooDeep } from '../nodes/take-copy.ts';
import { Problem } from '../problem.ts';
import { applyOperation, type Value, type ValueMap } from './json-operations.ts';

export type JsonPatch = readonly YamlMap[];

/** A list of maps; whether an operation makes sense shows when it is carried out. */
export function asJsonPatch(value: YamlValue): JsonPatch {
  if (value === null) return [];
  if (!Array.isArray(value) || !value.every((item: YamlValue) => isValueMap(item))) {
    throw new Problem('syntax', 'not a list of JSON patch operations');
  }
  return value as JsonPatch;
}

/**
 * The object as the patch leaves it. Every number in it becomes a 64 bit float, named by the patch or not: kustomize
 * takes the whole object to JSON and back.
 */
export function applyJsonPatch(object: YamlMap, patch: JsonPatch, room: HeapRoom): NodeMap {
  let document: Value = object as ValueMap;
  for (const operation of patch) document = applyOperation(document, operation, room);
  const node = nodeOf(document, 0);
  if (!isMap(node)) throw new Problem('field', 'a JSON patch leaves something that is not an object');
  return node;
}

function nodeOf(value: Value, depth: number): Node {
  refuseTooDeep(depth);
  if (Array.isArray(value)) return value.map((item) => nodeOf(item, depth + 1));
  if (typeof value === 'number' || typeof value === 'bigint') return floatNode(Number(value));
  if (typeof value === 'string') return newText(value);
  if (typeof value !== 'object' || value === null) return value;
  const map = new NodeMap();
  for (const key of Object.keys(value)) map[key] = nodeOf(value[key] as Value, depth + 1);
  return map;
}

function floatNode(value: number): Node {
  const text = goFloatText(value);
  return text === String(value) ? value : new Scalar('float', text);
}
