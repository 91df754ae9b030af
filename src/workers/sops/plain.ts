import { Comment, isList, Timestamp, TreeMap, type TreeValue } from './tree.ts';

/** A plain value; formats without types hold all of it as text. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

export function plain(value: TreeValue): Plain {
  if (value instanceof TreeMap) {
    const entries = value.items.flatMap(({ key, value: item }) =>
      typeof key === 'string' ? [[key, plain(item)]] : [],
    );
    return Object.fromEntries(entries);
  }
  if (isList(value)) return value.filter((item) => !(item instanceof Comment)).map(plain);
  if (value instanceof Timestamp || value instanceof Comment) return value.text;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  return typeof value === 'bigint' ? Number(value) : value;
}

export function fieldsOf(value: Plain | undefined): Readonly<Record<string, Plain>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, Plain>) : {};
}

export function listOf(value: Plain | undefined): readonly Plain[] {
  return Array.isArray(value) ? value : [];
}

export function textOf(value: Plain | undefined): string {
  return value === undefined || value === null || typeof value === 'object' ? '' : String(value);
}
