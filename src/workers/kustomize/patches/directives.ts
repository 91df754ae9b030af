import { isList, isMap, type Node, type NodeMap } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';

export type Directive = 'merge' | 'replace' | 'delete';

const KEY = '$patch';

/** What `$patch` of a map or list says; it is taken out. */
export function takeDirective(patch: NodeMap | Node[]): Directive {
  return isList(patch) ? takeListDirective(patch) : takeMapDirective(patch);
}

function takeMapDirective(patch: NodeMap): Directive {
  const written = patch[KEY];
  if (written === undefined) return 'merge';
  const directive = read(written);
  delete patch[KEY];
  return directive;
}

/** An item that consists of the directive says it for its list. */
function takeListDirective(patch: Node[]): Directive {
  const item = patch.find((each) => isMap(each) && KEY in each);
  if (!isMap(item) || Object.keys(item).length > 1) return 'merge';
  const directive = read(item[KEY]);
  const rest = patch.filter((each) => !(isMap(each) && textOf(each[KEY]) === directive) && !isEmptyItem(each));
  patch.splice(0, patch.length, ...rest);
  return directive;
}

function isEmptyItem(node: Node): boolean {
  return node === null || (isMap(node) && Object.keys(node).length === 0);
}

function read(written: Node | undefined): Directive {
  const text = textOf(written);
  if (text === 'merge' || text === 'replace' || text === 'delete') return text;
  throw new Problem('field', 'a patch has a $patch that is none of merge, replace and delete');
}
