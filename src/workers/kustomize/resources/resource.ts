import { isMap, isNilOrEmpty, type Node, NodeMap } from '../nodes/node.ts';
import { newText, putScalar, refuseKey, rewritten, textOf } from '../nodes/scalars.ts';
import { Problem } from '../problem.ts';
import { effectiveNamespace, type Gvk, parseApiVersion, type ResId, type Scopes } from './ids.ts';
import type { Origin } from './origin.ts';

export type Behavior = 'unspecified' | 'create' | 'replace' | 'merge';

interface PreviousId {
  readonly name: string;
  readonly namespace: string;
  readonly kind: string;
}

/** An object on its way through the build, with what happened to it so far. */
export class Resource {
  node: NodeMap;
  /** The file it came from, for messages. */
  readonly source: string;
  /** Whether decrypted content or a Secret's value went into it. */
  sensitive: boolean;
  /** Every name, namespace and kind it had, the oldest first. */
  previous: readonly PreviousId[] = [];
  prefixes: readonly string[] = [];
  suffixes: readonly string[] = [];
  needsHash = false;
  /** Of a generated object: what becomes of another one with its identity. */
  behavior: Behavior | undefined;
  /** Names of the variables that read from it. */
  variables: readonly string[] = [];
  origin: Origin | undefined;
  transformations: readonly Origin[] = [];
  readonly #scopes: Scopes;
  #wasNameless = false;

  constructor(node: NodeMap, source: string, scopes: Scopes, sensitive = false) {
    this.node = node;
    this.source = source;
    this.sensitive = sensitive;
    this.#scopes = scopes;
  }

  get kind(): string {
    return textOf(this.node.kind);
  }

  get apiVersion(): string {
    return textOf(this.node.apiVersion);
  }

  get gvk(): Gvk {
    return { ...parseApiVersion(this.apiVersion), kind: this.kind };
  }

  get name(): string {
    return this.#metaText('name');
  }

  get namespace(): string {
    return this.#metaText('namespace');
  }

  #metaText(field: string): string {
    const { metadata } = this.node;
    const value = isMap(metadata) ? metadata[field] : undefined;
    return isNilOrEmpty(value) ? '' : textOf(value);
  }

  /** Undefined when there is none; an empty or null one is none. */
  get metadata(): NodeMap | undefined {
    const { metadata } = this.node;
    return isMap(metadata) ? metadata : undefined;
  }

  get id(): ResId {
    const { apiVersion, kind } = this;
    return {
      ...parseApiVersion(apiVersion),
      kind,
      name: this.name,
      namespace: this.namespace,
      isClusterScoped: this.#scopes.isClusterScoped(apiVersion, kind),
    };
  }

  get previousIds(): readonly ResId[] {
    if (this.previous.length === 0) return [];
    const { group, version } = parseApiVersion(this.apiVersion);
    return this.previous.map((previous) => ({ group, version, ...previous, isClusterScoped: false }));
  }

  /** All it was, then what it is. */
  get allIds(): readonly ResId[] {
    return [...this.previousIds, this.id];
  }

  get originalId(): ResId {
    return this.previousIds[0] ?? this.id;
  }

  get hasNotes(): boolean {
    return this.previous.length > 0 || this.behavior !== undefined || this.needsHash || this.origin !== undefined;
  }

  rememberId(): void {
    const { id } = this;
    // kustomize keeps names and namespaces in lists of their own, and an empty name is in none: they no longer fit.
    if (this.#wasNameless || (id.name === '' && this.previous.length > 0)) {
      throw new Problem('field', `a ${id.kind} has lost its name`, this.source);
    }
    if (id.name === '') {
      this.#wasNameless = true;
      return;
    }
    this.previous = [...this.previous, { name: id.name, namespace: effectiveNamespace(id), kind: id.kind }];
  }

  setName(name: string): void {
    this.#setMeta('name', name);
  }

  /** '' takes it away. */
  setNamespace(namespace: string): void {
    if (namespace !== '') this.#setMeta('namespace', namespace);
    else if (this.metadata !== undefined) delete this.metadata.namespace;
  }

  setKind(kind: string): void {
    putScalar(this.node, 'kind', rewritten(this.node.kind, kind));
  }

  #setMeta(field: string, text: string): void {
    const metadata = this.ensureMetadata();
    const old = metadata[field];
    // A new field is written in quotes where it needs them, so it is text in any case.
    putScalar(metadata, field, old === undefined ? newText(text) : rewritten(old, text));
  }

  ensureMetadata(): NodeMap {
    if (!isMap(this.node.metadata)) this.node.metadata = new NodeMap();
    return this.node.metadata as NodeMap;
  }

  labels(): Map<string, string> {
    return textMap(this.metadata?.labels);
  }

  annotations(): Map<string, string> {
    return textMap(this.metadata?.annotations);
  }

  setLabels(labels: ReadonlyMap<string, string>): void {
    this.#setTextMap('labels', labels);
  }

  setAnnotations(annotations: ReadonlyMap<string, string>): void {
    this.#setTextMap('annotations', annotations);
  }

  #setTextMap(field: string, texts: ReadonlyMap<string, string>): void {
    if (texts.size === 0) {
      if (this.metadata !== undefined) delete this.metadata[field];
      return;
    }
    this.ensureMetadata()[field] = textNodes(texts);
  }
}

/** The fields of a map as texts: whatever they are, kustomize reads them as such. */
export function textMap(node: Node | undefined): Map<string, string> {
  return new Map(isMap(node) ? Object.entries(node).map(([key, value]) => [key, textOf(value)]) : []);
}

export function textNodes(texts: ReadonlyMap<string, string>): NodeMap {
  const map = new NodeMap();
  for (const [key, text] of texts) {
    refuseKey(key);
    map[key] = newText(text);
  }
  return map;
}
