import { type Node, Scalar } from './node.ts';
import { isPlainText, textOf } from './scalars.ts';

/** What a text without quotes must not begin with, hold or end with. */
const SPECIAL = /^[\s\-?:,[\]{}#&*!|>'"%@`](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^\s|\s$|: |:$| #|[\n\t]|^---|^\.\.\./;
/** A short text as one line of YAML, in quotes where it needs them. */
export function yamlText(text: string): string {
  if (!isPlainText(text)) return JSON.stringify(text);
  return SPECIAL.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A scalar as it would be printed. */
export function yamlScalar(node: Node): string {
  const isText = typeof node === 'string' || (node instanceof Scalar && node.tag === 'str');
  return isText ? yamlText(textOf(node)) : textOf(node);
}
