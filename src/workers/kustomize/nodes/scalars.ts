import { parseFloatingPoint, parseInteger } from '../../../shared/yaml/number.ts';
import { parseTimestamp } from '../../../shared/yaml/timestamp.ts';
import { Problem } from '../problem.ts';
import { isMap, type Node, type NodeMap, Scalar, type Tag } from './node.ts';

/** The text as it stands, or would stand, in YAML; '' of a map or list. */
export function textOf(node: Node | undefined): string {
  if (typeof node === 'string') return node;
  if (node instanceof Scalar) return node.text;
  if (node === undefined || Array.isArray(node) || isMap(node)) return '';
  return String(node);
}

/** What a text without quotes and tag is. */
export function plainScalar(text: string): Node {
  if (!mayBeOther.test(text)) return text;
  const value = plainValue(text);
  if (value === undefined) return text;
  const { tag } = value;
  return tag !== 'timestamp' && String(value.value) === text && Number.isFinite(Number(value.value ?? 0))
    ? value.value
    : new Scalar(tag, text);
}

export function tagOf(node: Node): Tag {
  if (node instanceof Scalar) return node.tag;
  if (node === null) return 'null';
  switch (typeof node) {
    case 'string':
      return 'str';
    case 'boolean':
      return 'bool';
    case 'bigint':
      return 'int';
    case 'number':
      return Number.isInteger(node) ? 'int' : 'float';
    default:
      return 'str';
  }
}

/** A scalar with the tag and text given: where the two do not fit, the finished object will fail. */
export function taggedScalar(tag: Tag, text: string): Node {
  if (tag === 'str') return text;
  const plain = plainScalar(text);
  return tagOf(plain) === tag ? plain : new Scalar(tag, text);
}

/** `text` in the place of `old`: in quotes if that was, and otherwise whatever it reads as. */
export function rewritten(old: Node | undefined, text: string): Node {
  return isQuoted(old) ? quotedText(text) : plainScalar(text);
}

/** A text in a new place: in quotes where without them it would be something else, if only in YAML 1.1. */
export function newText(text: string): Node {
  return isPlainText(text) ? text : quotedText(text);
}

/** YAML 1.1's truth values, and numbers to the base of 60. */
const OLD_VALUE = /^(?:[yYnN]|yes|Yes|YES|no|No|NO|on|On|ON|off|Off|OFF|[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?)$/;

/** Whether kustomize prints it without quotes, as far as its meaning goes. */
export function isPlainText(text: string): boolean {
  return plainValue(text) === undefined && !OLD_VALUE.test(text) && !text.includes('\n');
}

export function quotedText(text: string): Scalar {
  return new Scalar('str', text, true);
}

/** kustomize writes new keys without quotes, and an object with a key that is no text then cannot be printed. */
export function refuseKey(key: string): void {
  if (plainValue(key) === undefined) return;
  throw new Problem('field', `${JSON.stringify(key)} cannot be a key here: without quotes it is not text`);
}

function isQuoted(node: Node | undefined): boolean {
  return node instanceof Scalar && node.quoted;
}

/**
 * Sets a field to a scalar, through everything that shares the one that was there. Whatever is written into quotes is
 * text.
 */
export function putScalar(holder: NodeMap | Node[], key: string | number, value: Node): void {
  const fields = holder as Record<string | number, Node>;
  const old = fields[key];
  if (old instanceof Scalar) overwrite(old, old.quoted ? 'str' : tagOf(value), textOf(value));
  else fields[key] = value;
}

/** The same without regard to quotes. */
export function putValue(holder: NodeMap | Node[], key: string | number, value: Node): void {
  const fields = holder as Record<string | number, Node>;
  const old = fields[key];
  if (old instanceof Scalar) {
    overwrite(old, tagOf(value), textOf(value));
    old.quoted = false;
  } else {
    fields[key] = value;
  }
}

function overwrite(scalar: Scalar, tag: Tag, text: string): void {
  scalar.tag = tag;
  scalar.text = text;
}

const mayBeOther = /^(?:[-+.~\d]|$|[nN]|[tT]|[fF])/;

interface PlainValue {
  readonly tag: Tag;
  readonly value: null | boolean | number | bigint;
}

/** Undefined for text. */
export function plainValue(text: string): PlainValue | undefined {
  switch (text) {
    case '':
    case '~':
    case 'null':
    case 'Null':
    case 'NULL':
      return { tag: 'null', value: null };
    case 'true':
    case 'True':
    case 'TRUE':
      return { tag: 'bool', value: true };
    case 'false':
    case 'False':
    case 'FALSE':
      return { tag: 'bool', value: false };
  }
  if (!/^[-+.\d]/.test(text)) return undefined;
  if (parseTimestamp(text) !== undefined) return { tag: 'timestamp', value: null };
  const integer = parseInteger(text);
  if (integer !== undefined) return { tag: 'int', value: integer };
  const float = parseFloatingPoint(text);
  return float === undefined ? undefined : { tag: 'float', value: float };
}
