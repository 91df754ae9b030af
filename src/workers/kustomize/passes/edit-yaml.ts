import { type Document, isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import { yamlValueOf } from '../nodes/finish.ts';
import { isList, isMap as isNodeMap, isString, type Node } from '../nodes/node.ts';
import { plainValue, textOf } from '../nodes/scalars.ts';

/**
 * A YAML text that says what `wanted` does: what is the same in it stays as it is written, comments too. To the printer
 * every scalar is text, so that it prints what stands there.
 */
export function editYaml(text: string, wanted: Node): string {
  const document = parseDocument(text, { schema: 'failsafe' });
  bring(document, [], wanted);
  return document.toString({ indent: 2, indentSeq: false, lineWidth: 0, flowCollectionPadding: false }).trim();
}

function bring(document: Document, path: readonly (string | number)[], wanted: Node): void {
  const written = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNodeMap(wanted) && isMap(written)) {
    for (const key of Object.keys(wanted)) bring(document, [...path, key], wanted[key] as Node);
  } else if (isList(wanted) && isSeq(written)) {
    for (const [index, item] of wanted.entries()) bring(document, [...path, index], item);
  } else if (isScalar(written) && !isNodeMap(wanted) && !isList(wanted)) {
    if (written.value !== textOf(wanted)) Object.assign(written, scalarOf(wanted, written.type));
  } else {
    document.setIn(path, document.createNode(plain(yamlValueOf(wanted))));
  }
}

/** In the quotes that are there, or in some where it would not be text without. */
function scalarOf(wanted: Node, type: Scalar['type']): Pick<Scalar, 'value'> & { readonly type?: Scalar.Type } {
  const value = textOf(wanted);
  const isPlain = type === undefined || type === 'PLAIN';
  if (isPlain && isString(wanted) && plainValue(value) !== undefined) return { value, type: 'QUOTE_DOUBLE' };
  return { value };
}

/** Objects with a prototype that the printer knows. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? Number(item) : item)));
}
