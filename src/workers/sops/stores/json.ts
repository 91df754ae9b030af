import { SopsError } from '../sops-error.ts';
import { Comment, isList, Timestamp, TreeMap, type TreeValue } from '../tree.ts';
import { parseJson } from './parse-json.ts';
import type { Store } from './store.ts';
import { takeSops } from './take-sops.ts';

const INDENT = '\t';

export const jsonStore: Store = {
  read: (text) => takeSops([documentOf(text)]),
  print: ([document]) => (document === undefined ? '' : `${printValue(document, '')}\n`),
};

/** Any file, as one value of a JSON object. */
export const binaryStore: Store = {
  read: jsonStore.read,
  print: ([document]) => {
    const data = document?.get('data');
    if (typeof data !== 'string') throw new SopsError('it holds no data');
    return data;
  },
};

function documentOf(text: string): TreeMap {
  const value = parseJson(text);
  if (!(value instanceof TreeMap)) throw new SopsError('it is no JSON object');
  return value;
}

function printValue(value: TreeValue, indent: string): string {
  if (value instanceof TreeMap) {
    const items = value.items.flatMap(({ key, value: item }) =>
      typeof key === 'string' ? [`${jsonText(key)}: ${printValue(item, indent + INDENT)}`] : [],
    );
    return bracketed('{', items, '}', indent);
  }
  if (isList(value)) {
    const items = value.filter((item) => !(item instanceof Comment));
    return bracketed(
      '[',
      items.map((item) => printValue(item, indent + INDENT)),
      ']',
      indent,
    );
  }
  if (value instanceof Timestamp || value instanceof Comment) return jsonText(value.text);
  if (value instanceof Uint8Array) return jsonText(Buffer.from(value).toString('base64'));
  if (typeof value === 'string') return jsonText(value);
  return String(value);
}

function bracketed(open: string, items: readonly string[], close: string, indent: string): string {
  if (items.length === 0) return open + close;
  const inner = indent + INDENT;
  return `${open}\n${inner}${items.join(`,\n${inner}`)}\n${indent}${close}`;
}

/** Go escapes what could end a script in HTML, and has no short form for two control characters. */
function jsonText(text: string): string {
  return JSON.stringify(text).replace(/[<>&\u2028\u2029]/g, escapeOf);
}

function escapeOf(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
