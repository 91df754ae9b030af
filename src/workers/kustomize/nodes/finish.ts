import { parseFloatingPoint, parseInteger } from '../../../shared/yaml/number.ts';
import { parseTimestamp } from '../../../shared/yaml/timestamp.ts';
import type { YamlMap, YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { Problem } from '../problem.ts';
import { type Node, NodeMap, Scalar } from './node.ts';
import { plainValue } from './scalars.ts';

/** The values that an object's texts stand for, put in their place: after this it is done. */
export function finishMap(map: NodeMap): YamlMap {
  for (const key of Object.keys(map)) {
    const node = map[key];
    if (typeof node === 'object' && node !== null) map[key] = finish(node);
  }
  return map as YamlMap;
}

/** The same as a copy, for what goes on being worked on. */
export function yamlValueOf(node: Node): YamlValue {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof Scalar) return valueOfScalar(node);
  if (Array.isArray(node)) return node.map(yamlValueOf);
  const copy = new NodeMap();
  for (const key of Object.keys(node)) copy[key] = yamlValueOf(node[key] as Node) as Node;
  return copy as YamlMap;
}

function finish(node: object): Node {
  if (node instanceof Scalar) return valueOfScalar(node) as Node;
  if (!Array.isArray(node)) return finishMap(node as NodeMap) as NodeMap;
  for (const [index, item] of node.entries()) {
    if (typeof item === 'object' && item !== null) node[index] = finish(item);
  }
  return node;
}

function valueOfScalar({ tag, text }: Scalar): YamlValue {
  switch (tag) {
    case 'str':
      return text;
    case 'null':
      return plainValue(text)?.tag === 'null' ? null : notA('null', false, null);
    case 'bool':
      return text.toLowerCase() === 'true' || notA('truth value', /^false$/i.test(text), false);
    case 'int': {
      const value = parseInteger(text);
      return value ?? notA('whole number', false, 0);
    }
    case 'float': {
      const value = parseFloatingPoint(text) ?? Number(parseInteger(text));
      return Number.isFinite(value) ? value : notA('finite number', false, 0);
    }
    case 'timestamp':
      return parseTimestamp(text)?.text ?? notA('date', false, '');
    case 'binary':
      return Buffer.from(text, 'base64').toString();
    default:
      return tag satisfies never;
  }
}

function notA<T>(what: string, isAfterAll: boolean, value: T): T {
  if (!isAfterAll) throw new Problem('field', `a value that must be a ${what} is none`);
  return value;
}
