import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  parseAllDocuments,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { parseFloatingPoint, parseInteger } from '../../../shared/yaml/number.ts';
import { parseTimestamp } from '../../../shared/yaml/timestamp.ts';
import { SopsError } from '../sops-error.ts';
import { Comment, Timestamp, type TreeItem, TreeMap, type TreeValue } from '../tree.ts';

/** Aliases let a small text stand for billions of values. */
const MAX_VALUES = 1_000_000;
const MAX_DEPTH = 256;

/** Every document of a file with its comments, which can decide what is encrypted. */
export function parseYaml(text: string): readonly TreeMap[] {
  try {
    const documents = parseAllDocuments(text, {
      schema: 'failsafe',
      version: '1.2',
      merge: false,
      uniqueKeys: false,
      logLevel: 'silent',
    });
    return Array.from(documents as readonly Document.Parsed[], (document) => new TreeReader(document, text).tree());
  } catch (error) {
    // The parser calls itself for each level of nesting.
    if (error instanceof RangeError) throw new SopsError('it is nested too deeply');
    throw error;
  }
}

class TreeReader {
  readonly #document: Document.Parsed;
  readonly #text: string;
  #left = MAX_VALUES;
  #depth = 0;
  readonly #anchored = new Map<string, Node>();
  /** Behind a map or list, but further left: of a map or list around it. */
  #outer: readonly PlacedComment[] = [];

  constructor(document: Document.Parsed, text: string) {
    this.#document = document;
    this.#text = text;
  }

  tree(): TreeMap {
    const [error] = this.#document.errors;
    if (error !== undefined) {
      const line = error.linePos?.[0].line;
      throw new SopsError(`it is not valid YAML${line === undefined ? '' : `: line ${line}`}`);
    }
    const { contents, commentBefore, comment } = this.#document;
    const above = commentItems(commentBefore);
    const below = commentItems(comment);
    if (contents === null || (isScalar(contents) && contents.source === '')) return new TreeMap([...above, ...below]);
    const value = isMap(contents) ? this.#collection(contents) : this.#value(contents);
    if (!(value instanceof TreeMap)) throw new SopsError('a document of it is no map');
    return new TreeMap([...above, ...value.items, ...below]);
  }

  #value(node: Node | null | undefined): TreeValue {
    if (--this.#left < 0) throw new SopsError('it holds too many values');
    if (!isAlias(node) && node?.anchor !== undefined) this.#anchored.set(node.anchor, node);
    if (isMap(node) || isSeq(node)) return this.#nested(node);
    if (isScalar(node)) return scalarValue(node);
    if (isAlias(node)) return this.#value(this.#anchored.get(node.source));
    return null;
  }

  #nested(node: YAMLMap | YAMLSeq): TreeValue {
    if (++this.#depth > MAX_DEPTH) throw new SopsError('it is nested too deeply');
    const value = isMap(node) ? this.#map(node) : this.#list(node);
    this.#depth--;
    return value;
  }

  #map(node: YAMLMap): TreeMap {
    const keys = new Set<string>();
    const items = (node.items as readonly Pair<Node, Node | null>[]).flatMap(({ key, value }): readonly TreeItem[] => {
      const text = isScalar(key) ? scalarValue(key) : undefined;
      if (typeof text !== 'string') throw new SopsError('a key of it is not a string');
      // The parser's own check compares each key with each.
      if (keys.has(text)) throw new SopsError('a key of it is there twice');
      keys.add(text);
      const above = [...commentItems(key.commentBefore), ...commentItems(key.comment)];
      if (isMap(value) || isSeq(value)) {
        return [...above, { key: text, value: this.#collection(value) }, ...asItems(this.#commentsFrom(node))];
      }
      const beside = commentItems(value?.comment, { isInline: true });
      return [...above, ...commentItems(value?.commentBefore), ...beside, { key: text, value: this.#value(value) }];
    });
    this.#splitComments(node);
    return new TreeMap([...items, ...asItems(this.#commentsFrom(node))]);
  }

  /** Comments between a key and its map or list are the first thing in there. */
  #collection(node: YAMLMap | YAMLSeq): TreeValue {
    const value = this.#value(node);
    if (value instanceof TreeMap) return new TreeMap([...commentItems(node.commentBefore), ...value.items]);
    return [...commentsOf(node.commentBefore), ...(value as readonly TreeValue[])];
  }

  #list(node: YAMLSeq): readonly TreeValue[] {
    const items = (node.items as readonly (Node | null)[]).flatMap((item): readonly TreeValue[] => {
      const beside = isScalar(item) ? commentsOf(item.comment, { isInline: true }) : [];
      return [...commentsOf(item?.commentBefore), ...beside, this.#value(item), ...this.#commentsFrom(node)];
    });
    this.#splitComments(node);
    return [...items, ...this.#commentsFrom(node)];
  }

  #splitComments(node: YAMLMap | YAMLSeq): void {
    const [, end, commentsEnd] = node.range ?? [0, 0, 0];
    const texts = commentsOf(node.comment);
    const lines = this.#text
      .slice(end, commentsEnd)
      .split('\n')
      .filter((line) => /^\s*#/.test(line));
    const columns = lines.map((line) => line.indexOf('#')).slice(-texts.length);
    this.#outer = [...this.#outer, ...texts.map((comment, at) => ({ comment, column: columns[at] ?? 0 }))];
  }

  /** Takes those that do not stand further left than the map or list does. */
  #commentsFrom(node: YAMLMap | YAMLSeq): readonly Comment[] {
    const start = node.range?.[0] ?? 0;
    const column = node.flow === true ? 0 : start - (this.#text.lastIndexOf('\n', start - 1) + 1);
    const own = this.#outer.filter((placed) => placed.column >= column);
    this.#outer = this.#outer.filter((placed) => placed.column < column);
    return own.map(({ comment }) => comment);
  }
}

interface PlacedComment {
  readonly comment: Comment;
  readonly column: number;
}

function asItems(comments: readonly Comment[]): readonly TreeItem[] {
  return comments.map((key) => ({ key, value: null }));
}

function commentItems(text: string | null | undefined, options?: { readonly isInline: boolean }): readonly TreeItem[] {
  return asItems(commentsOf(text, options));
}

function commentsOf(text: string | null | undefined, { isInline } = { isInline: false }): readonly Comment[] {
  const lines = text === null || text === undefined ? [] : text.split('\n');
  return lines.filter((line) => line !== '').map((line) => new Comment(line, isInline));
}

/** As Go's reader has it: YAML 1.2's booleans, 1.1's octals, dates. */
function scalarValue(node: Scalar): TreeValue {
  const text = String(node.value ?? '');
  if (node.tag === '!!binary' || node.tag === 'tag:yaml.org,2002:binary') return Buffer.from(text, 'base64').toString();
  if (node.type !== Scalar.PLAIN || node.tag !== undefined) return text;
  if (/^(?:|~|null|Null|NULL)$/.test(text)) return null;
  if (/^(?:true|True|TRUE|false|False|FALSE)$/.test(text)) return text.toLowerCase() === 'true';
  const time = parseTimestamp(text);
  if (time !== undefined) return new Timestamp(time.text);
  const whole = parseInteger(text);
  return whole === undefined ? (parseFloatingPoint(text) ?? text) : BigInt(whole);
}
