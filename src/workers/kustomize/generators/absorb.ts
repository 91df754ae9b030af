import { isMap, isNull, kindOfNode, type Node } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { describeId } from '../resources/ids.ts';
import { type Resource, textNodes } from '../resources/resource.ts';
import type { ResourceList } from '../resources/resource-list.ts';
import { base64 } from './generate.ts';

/** Adds a generated object, or merges it into, or puts it in the place of, the one that it is meant for. */
export function absorb(resources: ResourceList, generated: Resource): void {
  const { id, behavior } = generated;
  const [old, another] = resources.withAnyId(id);
  if (another !== undefined) throw new Problem('ambiguous', `${describeId(id)}: several objects could be merged into`);
  if (old === undefined) {
    if (behavior === 'merge' || behavior === 'replace') {
      throw new Problem('noTarget', `${describeId(id)} is not there to ${behavior}`);
    }
    resources.append(generated);
    return;
  }
  if (behavior !== 'merge' && behavior !== 'replace') {
    throw new Problem('conflict', `${describeId(id)} is there already, and the behavior is not merge or replace`);
  }
  takeOverFrom(old, generated);
  if (behavior === 'merge') mergeData(old, generated);
  resources.replace(old, generated);
}

/** Who it was, and what it is called by now. */
function takeOverFrom(old: Resource, generated: Resource): void {
  const isMerge = generated.behavior === 'merge';
  generated.setLabels(new Map([...old.labels(), ...generated.labels()]));
  generated.setAnnotations(new Map([...old.annotations(), ...generated.annotations()]));
  generated.setName(old.name);
  generated.setNamespace(old.namespace);
  generated.previous = old.previous;
  generated.prefixes = old.prefixes;
  generated.suffixes = old.suffixes;
  generated.variables = old.variables;
  generated.needsHash &&= old.needsHash;
  generated.behavior = old.behavior;
  generated.sensitive ||= old.sensitive;
  // Merged into, it is the old one still.
  generated.origin = isMerge ? (old.origin ?? generated.origin) : (generated.origin ?? old.origin);
  generated.transformations = old.transformations;
}

function mergeData(old: Resource, generated: Resource): void {
  const isSecret = generated.apiVersion === 'v1' && generated.kind === 'Secret';
  const oldData = dataOf(old.node.data);
  if (isSecret) for (const [key, value] of encoded(old.node.stringData)) oldData.set(key, value);
  setData(generated, 'data', oldData);
  setData(generated, 'binaryData', dataOf(old.node.binaryData));
}

function setData({ node }: Resource, field: 'data' | 'binaryData', old: ReadonlyMap<string, string>): void {
  const merged = new Map([...old, ...dataOf(node[field])]);
  if (merged.size === 0) delete node[field];
  else node[field] = textNodes(merged);
}

/** A null is an empty text here. */
function dataOf(node: Node | undefined): Map<string, string> {
  if (!isMap(node)) return new Map();
  return new Map(Object.entries(node).map(([key, value]) => [key, isNull(value) ? '' : textOf(value)]));
}

/** As the API server would move it into `data`. */
function encoded(stringData: Node | undefined): readonly (readonly [string, string])[] {
  if (!isMap(stringData)) return [];
  return Object.entries(stringData).map(([key, value]) => {
    if (kindOfNode(value) !== 'scalar') throw new Problem('field', `stringData.${key} is not a scalar`);
    return [key, base64(Buffer.from(textOf(value)))] as const;
  });
}
