import { clusterScopedKinds } from '../tables/cluster-scoped.ts';
import { openApiTables } from '../tables/open-api.ts';
import type { SchemaDocument } from './swagger.ts';

let document: SchemaDocument | undefined;

/** Read when the first patch asks for it: most builds in a thread never do. */
export function builtInDocument(): SchemaDocument {
  if (document === undefined) {
    const { definitions, kinds } = openApiTables();
    document = {
      definitions: new Map(Object.entries(definitions)),
      kinds: new Map(Object.entries(kinds)),
      namespaced: new Map([...clusterScopedKinds].map((kind) => [kind, false])),
    };
  }
  return document;
}
