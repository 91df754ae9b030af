import type { YamlMap, YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { isMap } from '../../../shared/yaml/yaml-value.ts';
import type { Schema } from './schema.ts';

/** Schemas by name, the names by `<apiVersion> <kind>`, and what the paths say about scope. */
export interface SchemaDocument {
  readonly definitions: ReadonlyMap<string, Schema>;
  readonly kinds: ReadonlyMap<string, string>;
  readonly namespaced: ReadonlyMap<string, boolean>;
}

/** The part of an OpenAPI 2 document that decides how a patch merges. */
export function readSwagger(document: YamlValue): SchemaDocument {
  const definitions = new Map<string, Schema>();
  const kinds = new Map<string, string>();
  for (const [name, definition] of entries(child(document, 'definitions'))) {
    definitions.set(name, schemaOf(definition));
    const listed = child(definition, 'x-kubernetes-group-version-kind');
    for (const kind of Array.isArray(listed) ? listed : []) kinds.set(kindKey(kind), name);
  }
  return { definitions, kinds, namespaced: scopesOf(child(document, 'paths')) };
}

function schemaOf(schema: YamlValue | undefined): Schema {
  if (!isMap(schema)) return 0;
  if (typeof schema.$ref === 'string') return schema.$ref.replace(/^#\/definitions\//, '');
  const isArray = schema.type === 'array' || (Array.isArray(schema.type) && `${schema.type}` === 'array');
  if (isArray) {
    const merge = mergeKeys(schema);
    return { i: schemaOf(schema.items), ...(merge !== undefined && { m: merge }) };
  }
  const properties = entries(schema.properties);
  const { additionalProperties } = schema;
  if (properties.length === 0 && !isMap(additionalProperties)) return 0;
  return {
    p: Object.fromEntries(properties.map(([name, property]) => [name, schemaOf(property)])),
    ...(isMap(additionalProperties) && { a: schemaOf(additionalProperties) }),
  };
}

function mergeKeys(schema: YamlMap): readonly string[] | undefined {
  const strategy = schema['x-kubernetes-patch-strategy'];
  if (typeof strategy !== 'string' || !strategy.split(',').includes('merge')) return undefined;
  const keys = schema['x-kubernetes-list-map-keys'];
  if (Array.isArray(keys)) return keys.filter((key) => typeof key === 'string');
  const key = schema['x-kubernetes-patch-merge-key'];
  return typeof key === 'string' ? [key] : [];
}

/** A kind that is listed below a namespace has one. */
function scopesOf(paths: YamlValue | undefined): ReadonlyMap<string, boolean> {
  const namespaced = new Map<string, boolean>();
  for (const [path, operations] of entries(paths)) {
    const kind = child(child(operations, 'get'), 'x-kubernetes-group-version-kind');
    if (!isMap(kind)) continue;
    const key = kindKey(kind);
    namespaced.set(key, path.includes('namespaces/{namespace}') || (namespaced.get(key) ?? false));
  }
  return namespaced;
}

function kindKey(kind: YamlValue): string {
  const [group, version] = [child(kind, 'group'), child(kind, 'version')];
  return `${group ? `${group}/` : ''}${version ?? ''} ${child(kind, 'kind') ?? ''}`;
}

function child(value: YamlValue | undefined, name: string): YamlValue | undefined {
  return isMap(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

function entries(value: YamlValue | undefined): readonly (readonly [string, YamlValue])[] {
  return isMap(value) ? Object.entries(value) : [];
}
