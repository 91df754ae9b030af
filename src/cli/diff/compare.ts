import { compareKeys } from '../../shared/go-yaml/key-order.ts';
import { isMap, type YamlMap, type YamlValue } from '../../shared/yaml/yaml-value.ts';
import { align } from './align.ts';

/** What became of a value. */
export type Difference =
  | { readonly is: 'added'; readonly to: YamlValue }
  | { readonly is: 'removed'; readonly from: YamlValue }
  | { readonly is: 'changed'; readonly from: YamlValue; readonly to: YamlValue }
  | { readonly is: 'in map'; readonly fields: readonly FieldDifference[] }
  | { readonly is: 'in list'; readonly items: readonly ItemDifference[] };

export interface FieldDifference {
  readonly key: string;
  readonly difference: Difference;
}

export interface ItemDifference {
  /** Of the newer list, of the older one where it went. */
  readonly index: number;
  /** What tells this element from its neighbours, where a field does. */
  readonly known?: KnownBy;
  readonly difference: Difference;
}

export interface KnownBy {
  readonly field: string;
  readonly value: string | number | bigint | boolean;
}

/** Undefined where they are the same. Fields come in the order in which YAML is printed. */
export function compare(from: YamlValue, to: YamlValue): Difference | undefined {
  if (isMap(from) && isMap(to)) {
    const fields = compareFields(from, to);
    return fields.length === 0 ? undefined : { is: 'in map', fields };
  }
  if (isList(from) && isList(to)) {
    const items = compareItems(from, to);
    return items.length === 0 ? undefined : { is: 'in list', items };
  }
  return canonical(from) === canonical(to) ? undefined : { is: 'changed', from, to };
}

function compareFields(from: YamlMap, to: YamlMap): readonly FieldDifference[] {
  const keys = [...new Set([...Object.keys(from), ...Object.keys(to)])].toSorted(compareKeys);
  return keys.flatMap((key) => {
    const difference = compareEntries(entryOf(from, key), entryOf(to, key));
    return difference === undefined ? [] : [{ key, difference }];
  });
}

/** `__proto__` is a key like any other. */
function entryOf(map: YamlMap, key: string): YamlValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}

function compareEntries(from: YamlValue | undefined, to: YamlValue | undefined): Difference | undefined {
  if (from === undefined) return to === undefined ? undefined : { is: 'added', to };
  return to === undefined ? { is: 'removed', from } : compare(from, to);
}

function compareItems(from: readonly YamlValue[], to: readonly YamlValue[]): readonly ItemDifference[] {
  const field = keyFieldOf(from, to);
  const knownBy = (item: YamlValue): KnownBy | undefined => {
    const value = field !== undefined && isMap(item) ? item[field] : undefined;
    return field === undefined || !isKeyValue(value) ? undefined : { field, value };
  };
  const pairs = align(from, to, (item) => canonical(field !== undefined && isMap(item) ? (item[field] ?? null) : item));
  let [older, newer] = [0, 0];
  return pairs.flatMap((pair) => {
    const [before, after] = ['from' in pair ? pair.from : undefined, 'to' in pair ? pair.to : undefined];
    const index = after === undefined ? older : newer;
    if (before !== undefined) older += 1;
    if (after !== undefined) newer += 1;
    const difference = compareEntries(before, after);
    if (difference === undefined) return [];
    const known = knownBy(after ?? before ?? null);
    return [{ index, ...(known !== undefined && { known }), difference }];
  });
}

/** By which lists of Kubernetes objects tell their elements apart, the best first. */
const keyFields = ['name', 'key', 'containerPort', 'port', 'mountPath', 'devicePath', 'ip', 'uid', 'type'];

/** The first that every element of both lists has, and no two of one list alike. */
export function keyFieldOf(from: readonly YamlValue[], to: readonly YamlValue[]): string | undefined {
  const tellsApart = (list: readonly YamlValue[], field: string) => {
    const values = list.map((item) => (isMap(item) ? item[field] : undefined));
    return values.every(isKeyValue) && new Set(values).size === values.length;
  };
  return keyFields.find((field) => tellsApart(from, field) && tellsApart(to, field));
}

function isKeyValue(value: YamlValue | undefined): value is KnownBy['value'] {
  return value !== undefined && value !== null && typeof value !== 'object';
}

function isList(value: YamlValue): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** Equal for what is equal as YAML: whatever the order of keys, and whether an integer is a number or a BigInt. */
function canonical(value: YamlValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isMap(value)) return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(',')}}`;
}
