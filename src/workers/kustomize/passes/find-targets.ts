import { isListCondition, itemsOf, listCondition } from '../nodes/lookup.ts';
import { isList, isMap, isMissingOrNull, type Node, type NodeKind, NodeMap } from '../nodes/node.ts';
import { plainScalar } from '../nodes/scalars.ts';
import { yamlScalar } from '../nodes/yaml-text.ts';
import { Problem } from '../problem.ts';
import { partPattern } from '../selectors/pattern.ts';
import { parseText } from './structured-text.ts';

/** A place that a replacement fills. */
export interface Target {
  readonly holder: NodeMap | Node[];
  readonly key: string | number;
  /** Made for it: it has no type yet. */
  readonly isNew: boolean;
}

/**
 * The places along a path of names, indices, `*` and `[key=pattern]`. With `create`, what is missing is made, and ends
 * in that kind of node.
 */
export function findTargets(root: Node, path: readonly string[], create: NodeKind | undefined): readonly Target[] {
  const box = [root];
  return new TargetFinder(path, create).find({ holder: box, key: 0, isNew: false }, 0);
}

class TargetFinder {
  readonly #path: readonly string[];
  readonly #create: NodeKind | undefined;

  constructor(path: readonly string[], create: NodeKind | undefined) {
    this.#path = path;
    this.#create = create;
  }

  find(at: Target, depth: number): readonly Target[] {
    const part = this.#path[depth];
    if (part === undefined) return [at];
    const node = (at.holder as Record<string | number, Node>)[at.key] as Node;
    if (/^\+?\d+$/.test(part)) return this.#index(node, Number(part), depth);
    if (isListCondition(part)) return this.#condition(node, part, depth);
    if (part === '*') return this.#each(node, itemsOf(node, part).keys(), depth);
    return this.#field(node, part, depth);
  }

  #field(node: Node, name: string, depth: number): readonly Target[] {
    if (isMissingOrNull(node)) {
      // A null is not turned into a map: what is made below it is lost.
      return this.#create === undefined ? [] : [{ holder: [this.#made(depth)], key: 0, isNew: true }];
    }
    if (!isMap(node)) throw new Problem('field', `"${name}" is looked up in what is not a map`);
    const isNew = node[name] === undefined;
    if (isNew && this.#create === undefined) return [];
    if (isNew) node[name] = this.#made(depth + 1);
    const field = node[name] as Node;
    const isInside = depth + 1 < this.#path.length && !isMap(field) && !isList(field);
    if (isInside && !isNew) return this.#insideText(field, depth + 1);
    return this.find({ holder: node, key: name, isNew }, depth + 1);
  }

  /** What is found in a scalar that holds a document is a copy. */
  #insideText(field: Node, depth: number): readonly Target[] {
    const document = parseText(field);
    if (document === undefined) throw new Problem('field', 'a path runs into a scalar');
    return this.find({ holder: [document], key: 0, isNew: false }, depth);
  }

  #index(node: Node, index: number, depth: number): readonly Target[] {
    const items = itemsOf(node, String(index));
    if (isList(node) && index === items.length && this.#create !== undefined) {
      node.push(this.#made(depth + 1));
      return this.find({ holder: node, key: index, isNew: true }, depth + 1);
    }
    if (index >= items.length) throw new Problem('field', `index ${index} is beyond the end of a list`);
    return this.#each(node, [index], depth);
  }

  #condition(node: Node, part: string, depth: number): readonly Target[] {
    const found = this.#matching(node, part, depth);
    if (found.length > 0 || this.#create === undefined || !isList(node)) return found;
    const { key, value } = listCondition(part);
    const item = new NodeMap();
    item[key] = plainScalar(value);
    node.push(key === '' ? plainScalar(value) : item);
    return this.#matching(node, part, depth);
  }

  #matching(node: Node, part: string, depth: number): readonly Target[] {
    const { key, value } = listCondition(part);
    const pattern = partPattern(value);
    const matches = (item: Node) => {
      const wanted = key === '' ? item : isMap(item) ? item[key] : undefined;
      return wanted !== undefined && pattern.matches(yamlScalar(wanted).trim());
    };
    const items = itemsOf(node, part);
    const indices = [...items.keys()].filter((index) => matches(items[index] as Node));
    if (key === '') return indices.map((index) => ({ holder: node as Node[], key: index, isNew: false }));
    return this.#each(node, indices, depth);
  }

  #each(node: Node, indices: Iterable<number>, depth: number): readonly Target[] {
    return [...indices].flatMap((key) => this.find({ holder: node as Node[], key, isNew: false }, depth + 1));
  }

  /** What stands at a depth is what the next part of the path runs through. */
  #made(depth: number): Node {
    const next = this.#path[depth];
    const kind = next === undefined ? this.#create : isListCondition(next) || /^\+?\d+$/.test(next) ? 'list' : 'map';
    return kind === 'list' ? [] : kind === 'map' ? new NodeMap() : '';
  }
}
