/** What a schema says about merging, as tables/open-api.ts has it. */
export type Schema = 0 | string | ObjectSchema | ListSchema;

export interface ObjectSchema {
  readonly p?: Readonly<Record<string, Schema>>;
  readonly a?: Schema;
}

export interface ListSchema {
  readonly i?: Schema;
  /** There when its items are merged; empty for a list of scalars. */
  readonly m?: readonly string[];
}

/** A schema that is no reference. */
export type ResolvedSchema = Exclude<Schema, string>;

export interface SchemaSource {
  ofKind(apiVersion: string, kind: string): ResolvedSchema | undefined;
  field(schema: ResolvedSchema, name: string): ResolvedSchema | undefined;
  items(schema: ResolvedSchema): ResolvedSchema | undefined;
}

/** Undefined when the items of such a list are not merged. */
export function mergeKeysOf(schema: ResolvedSchema | undefined): readonly string[] | undefined {
  return schema !== undefined && schema !== 0 && 'm' in schema ? schema.m : undefined;
}
