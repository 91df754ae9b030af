import { isMap, isMissingOrNull, isNull, kindOfNode, type Node, type NodeMap, Scalar } from '../nodes/node.ts';
import { putScalar, textOf } from '../nodes/scalars.ts';
import { mergeKeysOf, type ResolvedSchema, type SchemaSource } from '../openapi/schema.ts';
import { Problem } from '../problem.ts';
import { takeDirective } from './directives.ts';
import { mergeLists } from './merge-lists.ts';

/** `undefined` for what is not there, or shall not be. */
export type Maybe = Node | undefined;

/** A null that a patched object keeps, as it stands there in so many letters. */
const KEPT_NULL = Symbol('kept null');
export type Merged = Maybe | typeof KEPT_NULL;

/**
 * A strategic merge patch onto an object, which is changed. What comes of it: the object, or nothing when the patch
 * deletes it. The patch is used up: its parts become parts of the object.
 */
export function mergeStrategically(object: NodeMap, patch: NodeMap, schemas: SchemaSource): Maybe {
  const merged = new StrategicMerge(schemas).merge(object, patch, undefined);
  return merged === KEPT_NULL ? null : merged;
}

export class StrategicMerge {
  readonly #schemas: SchemaSource;

  constructor(schemas: SchemaSource) {
    this.#schemas = schemas;
  }

  merge(dest: Maybe, patch: Maybe, known: ResolvedSchema | undefined): Merged {
    const leading = isMissingOrNull(dest) ? patch : dest;
    if (isMissingOrNull(leading)) return this.#mergeMaps(dest, patch, undefined);
    const kind = kindOfNode(leading as Node);
    if (!isMissingOrNull(patch) && kindOfNode(patch as Node) !== kind) {
      throw new Problem('field', `a patch has a ${kindOfNode(patch as Node)} where the object has a ${kind}`);
    }
    const schema = known ?? this.#schemaOf(dest) ?? this.#schemaOf(patch);
    switch (kind) {
      case 'scalar':
        return patch === undefined ? dest : patch;
      case 'map':
        return this.#mergeMaps(dest, patch, schema);
      case 'list': {
        const keys = mergeKeysOf(schema);
        if (keys === undefined) return patch === undefined ? dest : patch;
        const items = schema === undefined ? undefined : this.#schemas.items(schema);
        return mergeLists(dest, patch, keys, (left, right) => {
          const merged = this.merge(left, right, items);
          return merged === KEPT_NULL ? null : merged;
        });
      }
      default:
        return kind satisfies never;
    }
  }

  #mergeMaps(dest: Maybe, patch: Maybe, schema: ResolvedSchema | undefined): Merged {
    if (isMissingOrNull(dest)) {
      if (isMap(patch) && takeDirective(patch) === 'delete') return undefined;
      if (patch === undefined && dest !== undefined) return textOf(dest) === '' ? undefined : KEPT_NULL;
      return isMap(patch) ? this.#mergeFields(patch, patch, schema) : patch;
    }
    if (isNull(patch)) return undefined;
    const directive = isMap(patch) ? takeDirective(patch) : 'merge';
    if (directive === 'delete') return undefined;
    if (directive === 'replace') return this.#mergeFields(patch as NodeMap, patch as NodeMap, schema);
    return this.#mergeFields(dest as NodeMap, patch as NodeMap | undefined, schema);
  }

  #mergeFields(dest: NodeMap, patch: NodeMap | undefined, schema: ResolvedSchema | undefined): NodeMap {
    const names = new Set(Object.keys(dest));
    if (patch !== undefined && patch !== dest) for (const name of Object.keys(patch)) names.add(name);
    for (const name of [...names].toSorted()) {
      const below = schema === undefined ? undefined : this.#schemas.field(schema, name);
      const merged = this.merge(dest[name], patch?.[name], below);
      if (merged === KEPT_NULL) continue;
      if (isMissingOrNull(merged)) delete dest[name];
      else if (dest[name] instanceof Scalar && dest[name] !== merged) putScalar(dest, name, merged as Node);
      else dest[name] = merged as Node;
    }
    return dest;
  }

  /** An object within an object, as a template of a custom resource may be, has the schema of its own kind. */
  #schemaOf(node: Maybe): ResolvedSchema | undefined {
    if (!isMap(node)) return undefined;
    const [apiVersion, kind] = [textOf(node.apiVersion), textOf(node.kind)];
    return apiVersion === '' || kind === '' ? undefined : this.#schemas.ofKind(apiVersion, kind);
  }
}
