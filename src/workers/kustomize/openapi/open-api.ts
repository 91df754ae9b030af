import { Problem } from '../problem.ts';
import type { Scopes } from '../resources/ids.ts';
import { clusterScopedKinds } from '../tables/cluster-scoped.ts';
import { builtInDocument } from './built-in.ts';
import type { ResolvedSchema, Schema, SchemaSource } from './schema.ts';
import type { SchemaDocument } from './swagger.ts';

const BUILT_IN_VERSION = 'v1.21.2';

/** What `openapi` of one kustomization says. */
export interface OpenApiField {
  readonly version: string | undefined;
  readonly document: SchemaDocument | undefined;
}

/**
 * The schemas of one build. The first kustomization that names some decides. A document of its own stands beside the
 * built-in one when `joinsBuiltIn`, as in Flux, and otherwise in its place, as in the command line tool.
 */
export class OpenApi implements SchemaSource, Scopes {
  readonly #joinsBuiltIn: boolean;
  #isSet = false;
  #custom: SchemaDocument | undefined;

  constructor({ joinsBuiltIn }: { readonly joinsBuiltIn: boolean }) {
    this.#joinsBuiltIn = joinsBuiltIn;
  }

  use({ version, document }: OpenApiField): void {
    if (this.#isSet) return;
    if (document !== undefined && version !== undefined) {
      throw new Problem('configuration', 'openapi has both a version and a path');
    }
    if (version !== undefined && version !== '' && version !== BUILT_IN_VERSION) {
      throw new Problem('configuration', 'the OpenAPI version asked for is not built in');
    }
    this.#custom = document;
    this.#isSet = document !== undefined || (version !== undefined && version !== '');
  }

  isClusterScoped(apiVersion: string, kind: string): boolean {
    const key = `${apiVersion} ${kind}`;
    return clusterScopedKinds.has(key) || this.#custom?.namespaced.get(key) === false;
  }

  ofKind(apiVersion: string, kind: string): ResolvedSchema | undefined {
    const key = `${apiVersion} ${kind}`;
    for (const document of this.#documents()) {
      const name = document.kinds.get(key);
      if (name !== undefined) return this.#resolve(name);
    }
    return undefined;
  }

  field(schema: ResolvedSchema, name: string): ResolvedSchema | undefined {
    if (schema === 0) return undefined;
    if ('p' in schema && schema.p !== undefined && Object.hasOwn(schema.p, name)) return this.#resolve(schema.p[name]);
    return 'a' in schema ? this.#resolve(schema.a) : undefined;
  }

  items(schema: ResolvedSchema): ResolvedSchema | undefined {
    return schema !== 0 && 'i' in schema ? this.#resolve(schema.i) : undefined;
  }

  #documents(): readonly SchemaDocument[] {
    if (this.#custom === undefined) return [builtInDocument()];
    return this.#joinsBuiltIn ? [this.#custom, builtInDocument()] : [this.#custom];
  }

  #resolve(schema: Schema | undefined): ResolvedSchema | undefined {
    let at = schema;
    // A reference that comes back to itself leads nowhere.
    for (let hops = 0; typeof at === 'string' && hops < 100; hops++) at = this.#definition(at);
    return typeof at === 'string' ? undefined : at;
  }

  #definition(name: string): Schema | undefined {
    for (const { definitions } of this.#documents()) {
      const found = definitions.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  }
}
