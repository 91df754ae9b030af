import { staysText } from '../../../shared/go-yaml/implicit-type.ts';
import { numberText, shortestText } from '../../../shared/go-yaml/number-text.ts';
import { escapedText } from '../../../shared/go-yaml/print-yaml.ts';
import { shapeOf } from '../../../shared/go-yaml/scalar-shape.ts';
import {
  Comment,
  isList,
  type Leaf,
  Timestamp,
  type TreeItem,
  type TreeList,
  TreeMap,
  type TreeValue,
} from '../tree.ts';

const INDENT = 4;
/** In bytes: longer keys are written as `? key`. */
const SIMPLE_KEY_MAX = 128;

/** A document as `sops --decrypt` prints it: a generator may put this very text into a ConfigMap. */
export function printYamlTree({ items }: TreeMap): string {
  const text = mapLines(items, 0).join('');
  return items.some(({ key }) => typeof key === 'string') ? text : `${text}{}\n`;
}

/** Comments stand above the key that follows them; inline ones behind its value. */
function mapLines(items: readonly TreeItem[], indent: number): readonly string[] {
  const pad = ' '.repeat(indent);
  let inline: readonly string[] = [];
  const lines = items.flatMap(({ key, value }): readonly string[] => {
    if (!(key instanceof Comment)) {
      const line = `${keyText(key, indent)}${valueText(value, indent, inline)}`;
      inline = [];
      return [pad + line];
    }
    if (!key.isInline) return [`${pad}#${key.text}\n`];
    inline = [...inline, key.text];
    return [];
  });
  return [...lines, ...inline.map((text) => `${pad}#${text}\n`)];
}

function keyText(key: string, indent: number): string {
  const isSimple = Buffer.byteLength(key) <= SIMPLE_KEY_MAX && !shapeOf(key).isMultiline;
  if (isSimple) return `${scalarText(key, indent, { asKey: true })}:`;
  return `? ${scalarText(key, indent)}\n${' '.repeat(indent)}:`;
}

/** What follows `key:`, its line's end included. */
function valueText(value: TreeValue, indent: number, inline: readonly string[]): string {
  const beside = inline.map((text) => ` #${text}`).join('');
  if (value instanceof TreeMap) {
    return value.items.length === 0 ? ` {}${beside}\n` : `${beside}\n${mapLines(value.items, deeper(indent)).join('')}`;
  }
  if (isList(value)) return value.length === 0 ? ` []${beside}\n` : `${beside}\n${listLines(value, deeper(indent))}`;
  return ` ${withComment(scalarText(value, deeper(indent)), beside)}\n`;
}

function listLines(items: TreeList, indent: number): string {
  const pad = ' '.repeat(indent);
  let inline = '';
  const lines = items.map((item) => {
    if (item instanceof Comment) {
      if (!item.isInline) return `${pad}#${item.text}\n`;
      inline += ` #${item.text}`;
      return '';
    }
    const beside = inline;
    inline = '';
    return `${pad}- ${itemText(item, indent + 2, beside)}`;
  });
  return lines.join('');
}

function itemText(item: TreeValue, indent: number, beside: string): string {
  if (item instanceof TreeMap && item.items.length > 0) return mapLines(item.items, indent).join('').slice(indent);
  if (item instanceof TreeMap) return `{}${beside}\n`;
  if (isList(item)) return item.length === 0 ? `[]${beside}\n` : listLines(item, indent).slice(indent);
  return `${withComment(scalarText(item, indent), beside)}\n`;
}

/** Behind the head of a block, not behind its last line. */
function withComment(text: string, beside: string): string {
  const end = text.indexOf('\n');
  return end < 0 ? text + beside : text.slice(0, end) + beside + text.slice(end);
}

function deeper(indent: number): number {
  return INDENT * Math.floor((indent + INDENT) / INDENT);
}

function scalarText(value: Leaf | null, indent: number, { asKey = false } = {}): string {
  if (typeof value === 'string') return stringText(value, indent, asKey);
  if (typeof value === 'bigint') return numberText(value);
  if (typeof value === 'number') return shortestText(value);
  if (value instanceof Timestamp || value instanceof Comment) return value.text;
  if (value instanceof Uint8Array) return stringText(Buffer.from(value).toString(), indent, asKey);
  return String(value);
}

function stringText(text: string, indent: number, asKey: boolean): string {
  const shape = shapeOf(text, { tabs: 'allowed in blocks' });
  if (text.includes('\n')) return shape.allowsBlock && !asKey ? literal(text, indent) : escapedText(text);
  if (!staysText(text)) return escapedText(text);
  if (shape.allowsPlain) return text;
  return shape.allowsSingleQuoted ? `'${text.replaceAll("'", "''")}'` : escapedText(text);
}

function literal(text: string, indent: number): string {
  const hint = /^[ \n]/.test(text) ? String(INDENT) : '';
  const chomping = !text.endsWith('\n') ? '-' : text === '\n' || text.endsWith('\n\n') ? '+' : '';
  const lines = text.replace(/\n$/, '').split('\n');
  return `|${hint}${chomping}\n${lines.map((line) => (line === '' ? '' : ' '.repeat(indent) + line)).join('\n')}`;
}
