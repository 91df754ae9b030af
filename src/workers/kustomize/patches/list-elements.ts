import { isMap, isNull, type Node, type NodeMap } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';

/** The first item of which every key has its value; a key '' stands for the item itself. */
export function elementWith(
  list: readonly Node[],
  keys: readonly string[],
  values: readonly string[],
): Node | undefined {
  if (keys[0] === '') return list.find((item) => textOf(item) === values[0]);
  return list.find(
    (item) => isMap(item) && keys.every((key, index) => item[key] !== undefined && textOf(item[key]) === values[index]),
  );
}

/**
 * Puts `element` in the place of every item with these values, or at the end; takes those items out when there is no
 * element. An empty value fits any. Empty items go in any case, and without any value so does what does not match.
 */
export function setElement(
  list: Node[],
  element: Node | undefined,
  keys: readonly string[],
  values: readonly string[],
): void {
  const asksForMaps = keys[0] !== '' && (values[0] ?? '') !== '';
  const kept: Node[] = [];
  let isPlaced = false;
  for (const item of list) {
    if (isNull(item) || (isMap(item) && Object.keys(item).length === 0)) continue;
    if (!isMap(item) && asksForMaps) {
      kept.push(item);
    } else if (!matches(item, keys, values)) {
      if (values.length > 0) kept.push(item);
    } else {
      isPlaced = true;
      if (element !== undefined) kept.push(element);
    }
  }
  if (element !== undefined && !isNull(element) && !isPlaced) kept.push(element);
  // In place: the list may be looked at by others. Not by spreading: it may be longer than a call has arguments.
  list.length = 0;
  for (const item of kept) list.push(item);
}

/** A key beyond the values fits when the one before it did. */
function matches(item: Node, keys: readonly string[], values: readonly string[]): boolean {
  if (values.length === 0) return false;
  return keys.every((key, index) => {
    if (index >= values.length) return true;
    const value = values[index] ?? '';
    if (key === '') return scalarText(item) === value;
    const field = asMap(item)[key];
    return field !== undefined && (value === '' || textOf(field) === value);
  });
}

function scalarText(item: Node): string {
  if (isMap(item) || Array.isArray(item)) throw new Problem('field', 'an item of a list of scalars is none');
  return textOf(item);
}

function asMap(item: Node): NodeMap {
  if (!isMap(item)) throw new Problem('field', 'an item of a list that is merged is not a map');
  return item;
}
