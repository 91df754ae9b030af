import { clusterScopedKinds } from '../tables/cluster-scoped.ts';
import { definitionsJson, kindsJson } from '../tables/open-api.ts';
import type { Schema } from './schema.ts';
import type { SchemaDocument } from './swagger.ts';

let document: SchemaDocument | undefined;

/** Read when the first patch asks for it: most builds in a thread never do. */
export function builtInDocument(): SchemaDocument {
  document ??= {
    definitions: new Map(Object.entries(JSON.parse(definitionsJson) as Record<string, Schema>)),
    kinds: new Map(Object.entries(JSON.parse(kindsJson) as Record<string, string>)),
    namespaced: new Map([...clusterScopedKinds].map((kind) => [kind, false])),
  };
  return document;
}
