import type { Schema } from '../openapi/schema.ts';
import { readTable } from './read-table.ts';

/**
 * What kustomize's OpenAPI document (Kubernetes 1.21) says about merging. A schema is 0 where there is nothing below
 * it, the name of a definition, `{p: fields, a: any other field}`, or `{i: items, m: merge keys}`.
 */
export interface OpenApiTables {
  readonly definitions: Readonly<Record<string, Schema>>;
  /** `<apiVersion> <kind>` → its definition. */
  readonly kinds: Readonly<Record<string, string>>;
}

export function openApiTables(): OpenApiTables {
  return readTable('open-api') as OpenApiTables;
}
