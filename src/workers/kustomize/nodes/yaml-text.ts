import { type Node, Scalar } from './node.ts';
import { plainValue, textOf } from './scalars.ts';

/** YAML 1.1's truth values: kustomize's printer quotes them, though its reader takes them for text. */
const OLD_BOOLEAN = /^(?:y|Y|yes|Yes|YES|on|On|ON|n|N|no|No|NO|off|Off|OFF)$/;
/** What a text without quotes must not begin with, hold or end with. */
const SPECIAL = /^[\s\-?:,[\]{}#&*!|>'"%@`](?:\s|$)|^[,[\]{}#&*!|>'"%@`]|^\s|\s$|: |:$| #|[\n\t]|^---|^\.\.\./;
/** Base 60, which YAML 1.1 reads as a number. */
const SEXAGESIMAL = /^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.\d*)?$/;

/** A short text as one line of YAML, in quotes where it needs them. */
export function yamlText(text: string): string {
  if (plainValue(text) !== undefined || OLD_BOOLEAN.test(text) || SEXAGESIMAL.test(text) || text.includes('\n')) {
    return JSON.stringify(text);
  }
  return SPECIAL.test(text) ? `'${text.replaceAll("'", "''")}'` : text;
}

/** A scalar as it would be printed. */
export function yamlScalar(node: Node): string {
  const isText = typeof node === 'string' || (node instanceof Scalar && node.tag === 'str');
  return isText ? yamlText(textOf(node)) : textOf(node);
}
