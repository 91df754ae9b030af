import type { HeapRoom } from '../../../shared/heap-room.ts';
import type { YamlMap } from '../../../shared/yaml/yaml-value.ts';
import { quoted } from '../../quoted.ts';
import { NodeMap } from '../nodes/node.ts';
import { refuseTooDeep, takeCopy } from '../nodes/take-copy.ts';
import { Problem } from '../problem.ts';

/** What a JSON patch works on; the object is its own by now and is changed in place. */
export type Value = null | boolean | number | bigint | string | Value[] | ValueMap;
export interface ValueMap {
  [key: string]: Value;
}

/** One operation of RFC 6902 as Go's json-patch has it, which is more lenient: an index may count from the end. */
export function applyOperation(document: Value, operation: YamlMap, room: HeapRoom): Value {
  const path = textField(operation, 'path');
  switch (operation.op) {
    case 'add':
      place(document, path).add(valueFor(operation));
      return document;
    case 'remove':
      place(document, path).remove();
      return document;
    case 'replace': {
      if (path === '') return wholeDocument(valueFor(operation));
      const at = place(document, path);
      at.get();
      at.set(valueFor(operation));
      return document;
    }
    case 'move': {
      const from = place(document, textField(operation, 'from'));
      const value = from.get() ?? null;
      from.remove();
      place(document, path).add(value);
      return document;
    }
    case 'copy': {
      const value = place(document, textField(operation, 'from')).get() ?? null;
      takeCopy(value, room);
      place(document, path).add(copyOf(value));
      return document;
    }
    case 'test':
      if (!passes(document, path, operation))
        throw new Problem('field', `the test of ${quoted(path)} fails`, 'JSON patch');
      return document;
    default:
      throw new Problem('field', 'an operation is none of add, remove, replace, move, copy and test', 'JSON patch');
  }
}

function passes(document: Value, path: string, operation: YamlMap): boolean {
  const wanted = operation.value === undefined ? null : (operation.value as Value);
  const found = path === '' ? document : place(document, path).get();
  return equal(found ?? null, wanted);
}

function textField(operation: YamlMap, name: string): string {
  const value = operation[name];
  if (typeof value !== 'string') throw new Problem('syntax', `an operation has no "${name}"`, 'JSON patch');
  return value;
}

/** An operation without a value puts null there. */
function valueFor(operation: YamlMap): Value {
  return copyOf((operation.value ?? null) as Value);
}

function wholeDocument(value: Value): Value {
  if (typeof value === 'object' && value !== null) return value;
  throw new Problem('field', 'the whole object is replaced with a scalar', 'JSON patch');
}

interface Place {
  /** Undefined for a field that is not there; an index must be. */
  get(): Value | undefined;
  set(value: Value): void;
  add(value: Value): void;
  remove(): void;
}

function place(document: Value, path: string): Place {
  const [first, ...parts] = path.split('/').map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  const key = parts.pop();
  refuseTooDeep(parts.length);
  if (first === undefined || key === undefined) throw missing(path);
  let holder = document;
  for (const part of parts) {
    const next: Value | undefined = isContainer(holder) ? child(holder, part) : undefined;
    if (next === undefined || next === null) throw missing(path);
    holder = next;
  }
  if (!isContainer(holder)) throw missing(path);
  return Array.isArray(holder) ? placeInList(holder, key, path) : placeInMap(holder, key, path);
}

function missing(path: string): Problem {
  return new Problem('field', `${quoted(path)} is not there`, 'JSON patch');
}

function isContainer(value: Value): value is Value[] | ValueMap {
  return typeof value === 'object' && value !== null;
}

function child(holder: Value[] | ValueMap, part: string): Value | undefined {
  if (!Array.isArray(holder)) return holder[part];
  const index = indexOf(part, holder.length);
  return index === undefined ? undefined : holder[index];
}

function placeInMap(map: ValueMap, key: string, path: string): Place {
  return {
    get: () => map[key],
    set: (value) => {
      map[key] = value;
    },
    add: (value) => {
      map[key] = value;
    },
    remove: () => {
      if (map[key] === undefined) throw missing(path);
      delete map[key];
    },
  };
}

function placeInList(list: Value[], key: string, path: string): Place {
  const existing = () => {
    const index = indexOf(key, list.length);
    if (index === undefined || index >= list.length) throw missing(path);
    return index;
  };
  return {
    get: () => list[existing()],
    set: (value) => {
      list[existing()] = value;
    },
    add: (value) => {
      const index = key === '-' ? list.length : indexOf(key, list.length + 1);
      if (index === undefined || index > list.length) throw missing(path);
      list.splice(index, 0, value);
    },
    remove: () => {
      list.splice(existing(), 1);
    },
  };
}

/** -1 is the last one. */
function indexOf(key: string, length: number): number | undefined {
  if (!/^[-+]?\d+$/.test(key)) return undefined;
  const index = Number(key);
  if (index >= 0) return index;
  return index >= -length ? index + length : undefined;
}

function copyOf(value: Value): Value {
  if (Array.isArray(value)) return value.map(copyOf);
  if (typeof value !== 'object' || value === null) return value;
  const copy = new NodeMap() as ValueMap;
  for (const key of Object.keys(value)) copy[key] = copyOf(value[key] as Value);
  return copy;
}

function equal(a: Value, b: Value): boolean {
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return false;
    return a.every((item, index) => equal(item, b[index] as Value));
  }
  if (!isContainer(a) || !isContainer(b)) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && equal(a[key] as Value, (b as ValueMap)[key] as Value));
}
