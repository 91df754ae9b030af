import { splitPath } from '../nodes/split-path.ts';
import { Problem } from '../problem.ts';
import { type Gvk, type GvkPattern, matchesGvk } from '../resources/ids.ts';

/** A field of the objects of some kind. Paths run through lists without saying so. */
export interface FieldSpec extends GvkPattern {
  readonly path: string;
  /** Whether the field is made where it is missing. */
  readonly create?: boolean;
}

/** Adds what is new; a field that is there already must be created, or not, in the same way. */
export function mergeFieldSpecs(own: readonly FieldSpec[], more: readonly FieldSpec[]): readonly FieldSpec[] {
  if (own === more || more.length === 0) return own;
  const merged = [...own];
  const byPath = Map.groupBy(own, ({ path }) => path);
  for (const spec of more) {
    const samePath = byPath.get(spec.path) ?? [];
    const same = samePath.find((each) => matchesGvk(gvkOf(each), spec));
    if (same === undefined) {
      merged.push(spec);
      byPath.set(spec.path, [...samePath, spec]);
    } else if ((same.create ?? false) !== (spec.create ?? false)) {
      throw new Problem('configuration', `field "${spec.path}" is configured in two ways`);
    }
  }
  return merged;
}

function gvkOf({ group = '', version = '', kind = '' }: GvkPattern): Gvk {
  return { group, version, kind };
}

/** Field specs by the kind they are for, so that an object meets only those that may concern it. */
export class SpecsByKind<T extends GvkPattern> {
  readonly #specs: readonly T[];
  readonly #ofKind = new Map<string, readonly T[]>();

  constructor(specs: readonly T[]) {
    this.#specs = specs;
  }

  of(gvk: Gvk): readonly T[] {
    const key = `${gvk.group}/${gvk.version}/${gvk.kind}`;
    let found = this.#ofKind.get(key);
    if (found === undefined) {
      found = this.#specs.filter((spec) => matchesGvk(gvk, spec));
      this.#ofKind.set(key, found);
    }
    return found;
  }
}

const compiledPaths = new WeakMap<FieldSpec, readonly string[]>();

export function pathOf(spec: FieldSpec): readonly string[] {
  let path = compiledPaths.get(spec);
  if (path === undefined) {
    path = splitPath(spec.path, '/');
    compiledPaths.set(spec, path);
  }
  return path;
}
