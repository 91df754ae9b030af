import { effectiveNamespace, type Gvk } from '../resources/ids.ts';
import type { Resource } from '../resources/resource.ts';
import { type LabelSelector, parseLabelSelector } from './label-selector.ts';
import { type Pattern, wholePattern } from './pattern.ts';

/** Which objects a patch or replacement is for. What is empty is not asked for. */
export interface Selector {
  readonly group?: string;
  readonly version?: string;
  readonly kind?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly annotationSelector?: string;
}

const anything: Pattern = { matches: () => true };

export class CompiledSelector {
  readonly #group: Pattern;
  readonly #version: Pattern;
  readonly #kind: Pattern;
  readonly #name: Pattern;
  readonly #namespace: Pattern;
  readonly #labels: LabelSelector;
  readonly #annotations: LabelSelector;
  readonly #selector: Selector;

  constructor(selector: Selector) {
    const patternOf = (source: string | undefined) => (source ? wholePattern(source) : anything);
    this.#selector = selector;
    this.#group = patternOf(selector.group);
    this.#version = patternOf(selector.version);
    this.#kind = patternOf(selector.kind);
    this.#name = patternOf(selector.name);
    this.#namespace = patternOf(selector.namespace);
    this.#labels = parseLabelSelector(selector.labelSelector ?? '');
    this.#annotations = parseLabelSelector(selector.annotationSelector ?? '');
  }

  /** By what the object was at first or is now. What tells most objects apart is asked first. */
  selects(resource: Resource): boolean {
    const { name, kind } = resource;
    if (!this.#kind.matches(kind)) return false;
    const originalName = resource.previous[0]?.name ?? name;
    if (!this.#name.matches(originalName) && !this.#name.matches(name)) return false;
    return this.matchesGvk(resource.gvk) && this.#selectsNamespace(resource) && this.matchesLabels(resource);
  }

  #selectsNamespace({ originalId, id }: Resource): boolean {
    if (!this.#selector.namespace) return true;
    return this.#namespace.matches(effectiveNamespace(originalId)) || this.#namespace.matches(effectiveNamespace(id));
  }

  matchesGvk({ group, version, kind }: Gvk): boolean {
    return this.#group.matches(group) && this.#version.matches(version) && this.#kind.matches(kind);
  }

  matchesName(name: string): boolean {
    return this.#name.matches(name);
  }

  matchesNamespace(namespace: string): boolean {
    return this.#namespace.matches(namespace);
  }

  /** Labels and annotations both. */
  matchesLabels(resource: Resource): boolean {
    const { labelSelector, annotationSelector } = this.#selector;
    return (
      (!labelSelector || this.#labels(resource.labels())) &&
      (!annotationSelector || this.#annotations(resource.annotations()))
    );
  }

  get asksForIdentity(): boolean {
    const { group, version, kind, name, namespace } = this.#selector;
    return Boolean(group || version || kind || name || namespace);
  }

  get asksForLabels(): boolean {
    return Boolean(this.#selector.labelSelector || this.#selector.annotationSelector);
  }
}
