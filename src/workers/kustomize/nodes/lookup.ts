import { Problem } from '../problem.ts';
import { isList, isMap, isMissingOrNull, type Node, NodeMap } from './node.ts';
import { textOf } from './scalars.ts';

/** A field of a map; nothing of null, and a problem of anything else. */
export function fieldOf(node: Node | undefined, name: string): Node | undefined {
  if (isMissingOrNull(node)) return undefined;
  if (!isMap(node)) throw new Problem('field', `field "${name}" is looked up in what is not a map`);
  return node[name];
}

/** The map at a field, made when there is none. */
export function mapAt(holder: NodeMap, name: string): NodeMap {
  const found = holder[name];
  if (isMap(found)) return found;
  if (!isMissingOrNull(found)) throw new Problem('field', `field "${name}" is not a map`);
  const made = new NodeMap();
  holder[name] = made;
  return made;
}

/** Along a path of field names, list indices, `-` for the last item and `[key=value]`; undefined where it ends early. */
export function lookUp(root: Node, path: readonly string[]): Node | undefined {
  let at: Node | undefined = root;
  for (const part of path.map((each) => each.trim()).filter((each) => each !== '')) {
    at = step(at, part);
    if (at === undefined) return undefined;
  }
  return at;
}

function step(node: Node | undefined, part: string): Node | undefined {
  if (/^[-+]?\d+$/.test(part)) {
    if (Number(part) < 0) throw new Problem('field', `index ${part} is negative`);
    return itemsOf(node, part)[Number(part)];
  }
  if (part === '-') return itemsOf(node, part).at(-1);
  if (part === '*') throw new Problem('field', 'a wildcard cannot be looked up');
  if (isListCondition(part)) {
    const { key, value } = listCondition(part);
    return itemsOf(node, part).find((item) =>
      key === '' ? textMatches(item, value) : isMap(item) && item[key] !== undefined && textMatches(item[key], value),
    );
  }
  return fieldOf(node, part);
}

export function itemsOf(node: Node | undefined, wanted: string): readonly Node[] {
  if (isMissingOrNull(node)) return [];
  if (!isList(node)) throw new Problem('field', `"${wanted}" is looked up in what is not a list`);
  return node;
}

export function isListCondition(part: string): boolean {
  return part.startsWith('[') && part.endsWith(']');
}

export function listCondition(part: string): { readonly key: string; readonly value: string } {
  const inner = part.slice(1, -1);
  const equals = inner.indexOf('=');
  if (equals < 0) throw new Problem('field', `"${part}" must be [name=value]`);
  return { key: inner.slice(0, equals), value: inner.slice(equals + 1) };
}

function textMatches(node: Node, value: string): boolean {
  return textOf(node) === value;
}
