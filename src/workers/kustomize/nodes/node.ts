/**
 * A document of a resource file while it is worked on. A scalar whose text is not what JavaScript would print for its
 * value is a `Scalar`: kustomize works on texts, and only the finished object has values.
 */
export type Node = null | boolean | number | bigint | string | Scalar | Node[] | NodeMap;

/** Its prototype is empty, so that every key is nothing but a key: `__proto__` and `constructor` too. */
export class NodeMap {
  [key: string]: Node;
}
Object.setPrototypeOf(NodeMap.prototype, null);
Reflect.deleteProperty(NodeMap.prototype, 'constructor');

export type Tag = 'str' | 'int' | 'float' | 'bool' | 'null' | 'timestamp' | 'binary';

/**
 * A scalar with a text of its own (`0750`, `~`, `2030-12-31`); one in quotes, for what is written in its place will
 * stand in them too; or one that several fields share: kustomize puts one and the same label into metadata, selectors
 * and templates, and who changes it in one place changes it in all.
 */
export class Scalar {
  tag: Tag;
  text: string;
  quoted: boolean;

  constructor(tag: Tag, text: string, quoted = false) {
    this.tag = tag;
    this.text = text;
    this.quoted = quoted;
  }
}

export function isMap(node: Node | undefined): node is NodeMap {
  return typeof node === 'object' && node !== null && !Array.isArray(node) && !(node instanceof Scalar);
}

export function isList(node: Node | undefined): node is Node[] {
  return Array.isArray(node);
}

export function isNull(node: Node | undefined): boolean {
  return node === null || (node instanceof Scalar && node.tag === 'null');
}

export function isMissingOrNull(node: Node | undefined): boolean {
  return node === undefined || isNull(node);
}

export function isString(node: Node | undefined): boolean {
  return typeof node === 'string' || (node instanceof Scalar && node.tag === 'str');
}

/** Not there, null, or a map or list without content. */
export function isNilOrEmpty(node: Node | undefined): boolean {
  if (isMissingOrNull(node)) return true;
  if (Array.isArray(node)) return node.length === 0;
  return isMap(node) && Object.keys(node).length === 0;
}

export type NodeKind = 'scalar' | 'list' | 'map';

export function kindOfNode(node: Node): NodeKind {
  if (Array.isArray(node)) return 'list';
  return isMap(node) ? 'map' : 'scalar';
}

export function copyNode(node: Node): Node {
  if (typeof node !== 'object' || node === null) return node;
  if (node instanceof Scalar) return new Scalar(node.tag, node.text, node.quoted);
  return Array.isArray(node) ? node.map(copyNode) : copyMap(node);
}

export function copyMap(map: NodeMap): NodeMap {
  const copy = new NodeMap();
  for (const key of Object.keys(map)) copy[key] = copyNode(map[key] as Node);
  return copy;
}
