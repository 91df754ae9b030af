import { type Document, isMap, isScalar, isSeq, parseDocument, type Scalar } from 'yaml';
import { yamlValueOf } from '../nodes/finish.ts';
import { isList, isMap as isNodeMap, type Node } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';

/** A YAML text that says what `wanted` does: what is the same in it stays as it is written, comments too. */
export function editYaml(text: string, wanted: Node): string {
  const document = parseDocument(text, { logLevel: 'error' });
  bring(document, [], wanted);
  return document.toString({ indent: 2, indentSeq: false, lineWidth: 0, flowCollectionPadding: false }).trim();
}

function bring(document: Document, path: readonly (string | number)[], wanted: Node): void {
  const written = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isNodeMap(wanted) && isMap(written)) {
    for (const key of Object.keys(wanted)) bring(document, [...path, key], wanted[key] as Node);
  } else if (isList(wanted) && isSeq(written)) {
    for (const [index, item] of wanted.entries()) bring(document, [...path, index], item);
  } else {
    const value = yamlValueOf(wanted);
    if (isScalar(written) && isWritten(written, wanted)) return;
    if (isScalar(written) && typeof value !== 'object') written.value = value;
    else document.setIn(path, document.createNode(plain(value)));
  }
}

function isWritten({ source, value }: Scalar, wanted: Node): boolean {
  const text = textOf(wanted);
  return source === text || value === text;
}

/** Objects with a prototype that the printer knows. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === 'bigint' ? Number(item) : item)));
}
