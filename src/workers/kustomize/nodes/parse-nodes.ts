import { EVENT_ID, type Event, getScalarValue, SCALAR_STYLE, YAMLException } from 'js-yaml';
import type { HeapRoom } from '../../../shared/heap-room.ts';
import { manifestLimits } from '../../../shared/protocol/limits.ts';
import { parseLeniently } from '../../../shared/yaml/lenient-events.ts';
import { parseCost } from '../../../shared/yaml/parse-cost.ts';
import { refuseUnknownEscapes } from '../../../shared/yaml/refuse-unknown-escapes.ts';
import { splitCost, splitDocuments } from '../../../shared/yaml/split-documents.ts';
import { Problem } from '../problem.ts';
import { rereadBlock } from './block-scalar.ts';
import { MergeSource, mergeInto } from './merge-keys.ts';
import { copyNode, isMap, isString, type Node, NodeMap } from './node.ts';
import { plainScalar, quotedText, textOf } from './scalars.ts';
import { explicitScalar, fullTagName } from './tags.ts';

/** Objects that are built come through Go's writer on their way, patches do not: see `rereadBlock`. */
export type Blocks = 'as they are' | 'reread';

/** Every document of a resource file, in order, an empty one as null; nothing in them is shared. */
export function parseNodes(text: string, room: HeapRoom, blocks: Blocks = 'as they are'): readonly Node[] {
  room.mustFit(splitCost(text));
  const rereading = { left: manifestLimits.rereadCharacters };
  return splitDocuments(text).map((document) => {
    const { linesAbove } = document;
    if (document.separatorHasContent) throw syntax('a document separator is followed by something else', linesAbove);
    const cost = parseCost(document.text);
    room.mustFit(cost.parsing);
    room.take(cost.kept);
    try {
      const { source, events } = parseLeniently(document.text, rereading);
      refuseUnknownEscapes(source, events);
      return new NodeBuilder(source, room, blocks).build(events) ?? null;
    } catch (error) {
      if (!(error instanceof YAMLException)) throw error;
      throw syntax(withoutQuotes(error.reason), error.mark && linesAbove + error.mark.line + 1);
    }
  });
}

function syntax(reason: string, line?: number): Problem {
  return new Problem('syntax', `not valid YAML: ${line === undefined ? '' : `line ${line}: `}${reason}`);
}

/** The parser names tags, anchors and aliases; a password that begins with `!`, `&` or `*` reads as one. */
function withoutQuotes(reason: string): string {
  return reason.replace(/!<.*>/s, '').replace(/".*"/s, '').replace(/: .*/s, '').replaceAll(/ {2,}/g, ' ').trim();
}

type ScalarEvent = Extract<Event, { readonly type: typeof EVENT_ID.SCALAR }>;

const blockStyles = new Map<number, 'folded' | 'literal'>([
  [SCALAR_STYLE.FOLDED_BLOCK, 'folded'],
  [SCALAR_STYLE.LITERAL_BLOCK, 'literal'],
]);

/** The second group holds a line break for each empty line. A backslash that is escaped itself escapes nothing. */
const EMPTY_LINES_AFTER_ESCAPE = /((?<!\\)(?:\\\\)*)\\\n[ \t]*((?:\n[ \t]*)+)/g;

interface OpenMap {
  readonly node: NodeMap;
  key: string | undefined;
  isMergeKey: boolean;
  merges: MergeSource | undefined;
}

interface OpenList {
  readonly node: Node[];
}

/** Makes nodes of a parser's events: aliases are written out, merge keys merged, numbers keep their text. */
class NodeBuilder {
  readonly #source: string;
  readonly #room: HeapRoom;
  readonly #blocks: Blocks;
  readonly #open: (OpenMap | OpenList)[] = [];
  readonly #anchors = new Map<string, Node>();
  #handles: Readonly<Record<string, string>> = {};
  #result: Node | undefined;

  constructor(source: string, room: HeapRoom, blocks: Blocks) {
    this.#source = source;
    this.#room = room;
    this.#blocks = blocks;
  }

  build(events: readonly Event[]): Node | undefined {
    let documents = 0;
    for (const event of events) {
      switch (event.type) {
        case EVENT_ID.DOCUMENT: {
          // What follows a `...` without a `---` is left alone, as kustomize does.
          if (++documents > 1) return this.#result;
          const tags = event.directives.filter((directive) => directive.kind === 'tag');
          this.#handles = Object.fromEntries(tags.map(({ handle, prefix }) => [handle, prefix]));
          break;
        }
        case EVENT_ID.MAPPING: {
          const node = new NodeMap();
          this.#anchor(event, node);
          this.#open.push({ node, key: undefined, isMergeKey: false, merges: undefined });
          break;
        }
        case EVENT_ID.SEQUENCE: {
          const node: Node[] = [];
          this.#anchor(event, node);
          this.#open.push({ node });
          break;
        }
        case EVENT_ID.SCALAR: {
          const text = this.#textOf(event);
          const isPlain = event.style === SCALAR_STYLE.PLAIN;
          if (this.#expectsKey()) {
            this.#setKey(text, isPlain && event.tagStart < 0);
            break;
          }
          const tag = this.#tagOf(event);
          const node = tag !== '' ? explicitScalar(tag, text) : isPlain ? plainScalar(text) : quotedText(text);
          this.#anchor(event, node);
          this.#add(node);
          break;
        }
        case EVENT_ID.ALIAS: {
          const name = this.#source.slice(event.anchorStart, event.anchorEnd);
          const target = this.#anchors.get(name);
          if (target === undefined) throw syntax('an alias has no anchor before it');
          if (this.#open.some(({ node }) => node === target)) throw syntax('an anchor contains itself');
          const node = this.#writtenOut(target, manifestLimits.depth);
          if (this.#expectsKey()) this.#setKey(isString(node) ? textOf(node) : undefined, false);
          else this.#add(node);
          break;
        }
        case EVENT_ID.POP: {
          const closed = this.#open.pop();
          if (closed === undefined) break; // the document itself
          if ('merges' in closed && closed.merges !== undefined) mergeInto(closed.node, closed.merges);
          if (this.#expectsKey()) throw syntax('a mapping key is not a string');
          this.#add(closed.node);
          break;
        }
      }
    }
    return this.#result;
  }

  #expectsKey(): boolean {
    const top = this.#open.at(-1);
    return top !== undefined && 'key' in top && top.key === undefined;
  }

  #setKey(text: string | undefined, isPlain: boolean): void {
    const top = this.#open.at(-1) as OpenMap;
    const isString = text !== undefined && (!isPlain || typeof plainScalar(text) === 'string');
    if (!isString) throw new Problem('field', 'a mapping key is not a string');
    top.key = text;
    top.isMergeKey = isPlain && text === '<<';
  }

  #add(node: Node): void {
    const top = this.#open.at(-1);
    if (top === undefined) {
      this.#result = node;
    } else if (!('key' in top)) {
      top.node.push(node);
    } else {
      const key = top.key as string;
      top.key = undefined;
      if (top.isMergeKey) {
        if (top.merges !== undefined) throw syntax('a mapping has two merge keys');
        top.merges = new MergeSource(node);
      } else if (Object.hasOwn(top.node, key)) {
        throw syntax('duplicated mapping key');
      } else {
        top.node[key] = node;
      }
    }
  }

  #anchor(event: { readonly anchorStart: number; readonly anchorEnd: number }, node: Node): void {
    if (event.anchorStart >= 0) this.#anchors.set(this.#source.slice(event.anchorStart, event.anchorEnd), node);
  }

  #textOf(event: ScalarEvent): string {
    if (event.style === SCALAR_STYLE.DOUBLE_QUOTED) return this.#quotedText(event);
    const text = getScalarValue(this.#source, event);
    const style = blockStyles.get(event.style);
    if (style === undefined) return text;
    const isReadable = !/^\n*\t/.test(text) || this.#saysIndentation(event);
    const reread = this.#blocks === 'reread' ? rereadBlock(text, style) : text;
    if (!isReadable || reread === undefined) throw syntax('a block of text begins with a tab');
    return reread;
  }

  /** Empty lines after an escaped line break count, which the parser overlooks: they are put as escapes. */
  #quotedText(event: ScalarEvent): string {
    const raw = this.#source.slice(event.valueStart, event.valueEnd);
    const spelled = raw.replace(
      EMPTY_LINES_AFTER_ESCAPE,
      (_, before: string, lines: string) => before + '\\n'.repeat(lines.split('\n').length - 1),
    );
    if (spelled === raw) return getScalarValue(this.#source, event);
    return getScalarValue(spelled, { ...event, valueStart: 0, valueEnd: spelled.length, fast: false });
  }

  /** In the line above a block's first. */
  #saysIndentation({ valueStart }: ScalarEvent): boolean {
    const lineStart = this.#source.lastIndexOf('\n', valueStart - 2) + 1;
    return /[|>][+-]?[1-9][+-]?\s*(?:\s#.*)?$/.test(this.#source.slice(lineStart, valueStart - 1));
  }

  #tagOf({ tagStart, tagEnd }: { readonly tagStart: number; readonly tagEnd: number }): string {
    return tagStart < 0 ? '' : fullTagName(this.#source.slice(tagStart, tagEnd), this.#handles);
  }

  /** Aliases let a small text stand for billions of nodes, so the copy has to fit, node by node. */
  #writtenOut(node: Node, maxDepth: number): Node {
    this.#room.take(BYTES_PER_NODE + (typeof node === 'string' ? 2 * node.length : 0));
    if (maxDepth === 0) throw syntax('nested too deeply once its aliases are written out');
    if (Array.isArray(node)) return node.map((item) => this.#writtenOut(item, maxDepth - 1));
    if (!isMap(node)) return copyNode(node);
    const copy = new NodeMap();
    for (const [key, value] of Object.entries(node)) copy[key] = this.#writtenOut(value, maxDepth - 1);
    return copy;
  }
}

const BYTES_PER_NODE = 100;
