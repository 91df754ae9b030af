import { isList, isMap, isMissingOrNull, isNilOrEmpty, isNull, type Node } from '../nodes/node.ts';
import { textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { takeDirective } from './directives.ts';
import { elementWith, setElement } from './list-elements.ts';

type Maybe = Node | undefined;
type MergeElements = (dest: Maybe, patch: Maybe) => Maybe;

/**
 * Merges two lists whose items are told apart by `keys` (none for a list of scalars). What comes out: the patch's items
 * in its order, then the others. Items that lack a key, or have one several times, come out as in kustomize, which
 * follows from the order of the steps here and was not meant by anyone.
 */
export function mergeLists(dest: Maybe, patch: Maybe, keys: readonly string[], merge: MergeElements): Maybe {
  const base = baseOf(dest, patch);
  if (base === undefined) return undefined;
  const sources = [isList(patch) ? patch : undefined, base];
  if (keys.length > 0) return withMerged(base, sources, identities(sources, keys), keys, merge);
  return withMerged(base, sources, scalarIdentities(sources), [''], merge);
}

/** The list that the patch is merged into; undefined when there shall be none. */
function baseOf(dest: Maybe, patch: Maybe): Node[] | undefined {
  if (isMissingOrNull(dest)) return patch as Node[];
  if (isNull(patch)) return undefined;
  const directive = isList(patch) ? takeDirective(patch) : 'merge';
  if (directive === 'delete') return undefined;
  return (directive === 'replace' ? patch : dest) as Node[];
}

/** The values of an item's keys, '' for one that it lacks. */
type Identity = readonly string[];

function identities(sources: readonly (readonly Node[] | undefined)[], keys: readonly string[]): Identity[] {
  const found = new Map<string, Identity>();
  for (const item of sources.flatMap((source) => source ?? [])) {
    const identity = keys.map((key) => {
      const value = isMap(item) ? item[key] : undefined;
      return isNilOrEmpty(value) ? '' : textOf(value);
    });
    const key = JSON.stringify(identity);
    if (!found.has(key)) found.set(key, identity);
  }
  return [...found.values()];
}

function scalarIdentities(sources: readonly (readonly Node[] | undefined)[]): Identity[] {
  const texts = new Set(sources.flatMap((source) => source ?? []).map(textOf));
  return [...texts].map((text) => [text]);
}

function withMerged(
  base: Node[],
  [patch]: readonly (readonly Node[] | undefined)[],
  found: readonly Identity[],
  keys: readonly string[],
  merge: MergeElements,
): Node[] {
  if (found.length === 0) return base;
  const all = keys.length > 1 ? completed(found) : found;
  const usedKeys = keysInUse(all, keys);
  const merged: Node[] = [];
  for (const identity of all) {
    const values = valuesOf(usedKeys, keys, identity);
    const named = keysInUse([identity], keys);
    const namedValues = valuesOf(named, keys, identity);
    const item = merge(elementWith(base, named, namedValues), patch && elementWith(patch, named, namedValues));
    if (isMissingOrNull(item) || (isMap(item) && Object.keys(item).length === 0)) {
      setElement(base, undefined, usedKeys, values);
      continue;
    }
    if (isMap(item)) {
      for (const [index, key] of usedKeys.entries()) {
        const value = values[index] ?? '';
        if (item[key] === undefined && value !== '') item[key] = value;
      }
    }
    setElement(merged, item, usedKeys, values);
  }
  return appended(merged, base, usedKeys);
}

/** Those that some item has; all when none has any. */
function keysInUse(all: readonly Identity[], keys: readonly string[]): readonly string[] {
  const used = keys.filter((_, index) => all.some((identity) => identity[index] !== ''));
  return used.length === 0 ? keys : used;
}

function valuesOf(used: readonly string[], keys: readonly string[], identity: Identity): readonly string[] {
  return used.map((key) => identity[keys.indexOf(key)] ?? '');
}

/** Where one of two items says less and nothing else, both are taken for one. */
function completed(found: readonly Identity[]): readonly Identity[] {
  const all = [...found];
  for (let left = 0; left < all.length; left++) {
    for (let right = 0; right < all.length; right++) {
      const both = union(all[left] as Identity, all[right] as Identity);
      if (both === undefined) continue;
      all[left] = both;
      all[right] = both;
    }
  }
  return all;
}

function union(left: Identity, right: Identity): Identity | undefined {
  let isShared = false;
  const both: string[] = [];
  for (const [index, a] of left.entries()) {
    const b = right[index] ?? '';
    if (a !== b && a !== '' && b !== '') return undefined;
    isShared ||= a === b;
    both.push(a === '' ? b : a);
  }
  return isShared ? both : undefined;
}

/** Adds the base's items to those that are merged already; one that is among them takes its place. */
function appended(merged: Node[], base: readonly Node[], keys: readonly string[]): Node[] {
  for (const item of base) {
    if (keys[0] === '') {
      setElement(merged, item, [''], [textOf(item)]);
      continue;
    }
    const values: string[] = [];
    for (const key of keys) {
      if (!isMap(item) && !isNull(item)) throw new Problem('field', 'an item of a list that is merged is not a map');
      const value = isMap(item) ? item[key] : undefined;
      if (value === undefined) merged.push(item);
      else values.push(textOf(value));
    }
    if (keys.length > 1) setElement(merged, undefined, keys, values);
    setElement(merged, item, keys, values);
  }
  return merged;
}
