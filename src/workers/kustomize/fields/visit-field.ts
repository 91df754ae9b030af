import { isMap, isNull, type Node, NodeMap } from '../nodes/node.ts';
import { Problem } from '../problem.ts';
import { type FieldSpec, pathOf } from './field-spec.ts';

/** A place that holds a node. */
export interface Slot {
  readonly holder: NodeMap | Node[];
  readonly key: string | number;
}

export type Visit = (slot: Slot, node: Node) => void;

/** What is made where a spec wants its field created: nothing, a scalar, or a map. */
export type Creation = 'nothing' | 'scalar' | 'map';

/** An object, and where it came from: for who has to mend it. */
export interface Visited {
  readonly node: NodeMap;
  readonly source: string;
}

/** Calls `visit` for every field of an object that a spec names. */
export function visitField({ node, source }: Visited, spec: FieldSpec, creation: Creation, visit: Visit): void {
  const path = pathOf(spec);
  const made = spec.create === true ? creation : 'nothing';
  try {
    visitMap(node, path, 0, made, visit);
  } catch (error) {
    if (error instanceof Problem) throw new Problem(error.kind, error.reason, `${source}: field ${spec.path}`);
    throw error;
  }
}

function visitMap(map: NodeMap, path: readonly string[], at: number, creation: Creation, visit: Visit): void {
  const part = path[at] ?? '';
  const isList = part.endsWith('[]');
  const name = isList ? part.slice(0, -2) : part;
  if (name === '') throw new Problem('field', 'a field has no name');
  const isLast = at === path.length - 1;
  const make = isList ? 'nothing' : isLast || creation === 'nothing' ? creation : 'map';
  let node = map[name];
  if (node === undefined || (isNull(node) && make !== 'nothing')) {
    if (make === 'nothing') return;
    // A scalar that is about to be set has no text until then.
    node = make === 'map' ? new NodeMap() : (node ?? '');
    map[name] = node;
  }
  if (isLast) {
    visit({ holder: map, key: name }, node);
    return;
  }
  visitBelow(node, path, at + 1, creation, visit);
}

function visitBelow(node: Node, path: readonly string[], at: number, creation: Creation, visit: Visit): void {
  if (isNull(node)) return;
  if (Array.isArray(node)) {
    for (const item of node) visitBelow(item, path, at, creation, visit);
  } else if (isMap(node)) {
    visitMap(node, path, at, creation, visit);
  } else {
    throw new Problem('field', 'runs through what is neither a map nor a list');
  }
}
