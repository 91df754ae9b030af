import { isMap, type YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { configOf, emptyConfig, type FieldConfig, mergeConfigs } from '../fields/config.ts';
import type { FieldSpec } from '../fields/field-spec.ts';
import type { Loader } from '../files/loader.ts';
import { Problem, placed } from '../problem.ts';
import { parseYaml11 } from './yaml11.ts';

/** What the OpenAPI definitions under `crds` say about fields, by extensions such as `x-kubernetes-object-ref-kind`. */
export function loadCrds(loader: Loader, paths: readonly string[]): FieldConfig {
  return paths.reduce((config, path) => {
    const text = loader.loadSettings(path);
    return mergeConfigs(
      config,
      placed(loader.name(path), () => crdConfig(parseYaml11(text, loader.room))),
    );
  }, emptyConfig);
}

function crdConfig(definitions: YamlValue): FieldConfig {
  if (definitions !== null && !isMap(definitions)) throw new Problem('configuration', 'not a map of definitions');
  const all = new Map(Object.entries(definitions ?? {}));
  let config = emptyConfig;
  for (const name of [...all.keys()].toSorted()) {
    const properties = propertiesOf(all.get(name));
    if (!['kind', 'apiVersion', 'metadata'].every((field) => properties.has(field))) continue;
    const kind = name.split('.').at(-1) ?? '';
    config = mergeConfigs(config, new CrdFields(kind, all).config(name));
  }
  return config;
}

class CrdFields {
  readonly #kind: string;
  readonly #definitions: ReadonlyMap<string, YamlValue>;
  #config = emptyConfig;

  constructor(kind: string, definitions: ReadonlyMap<string, YamlValue>) {
    this.#kind = kind;
    this.#definitions = definitions;
  }

  config(name: string): FieldConfig {
    this.#collect(name, [], new Set());
    return this.#config;
  }

  #collect(name: string, path: readonly string[], above: ReadonlySet<string>): void {
    if (above.has(name)) throw new Problem('cycle', 'a definition refers to itself');
    for (const [field, property] of propertiesOf(this.#definitions.get(name))) {
      if (!isMap(property)) continue;
      const below = [...path, field];
      const extension = (key: string) => (typeof property[key] === 'string' ? property[key] : undefined);
      if (extension('x-kubernetes-annotation') !== undefined) this.#add('commonAnnotations', below);
      if (extension('x-kubernetes-label-selector') !== undefined) this.#add('commonLabels', below);
      if (extension('x-kubernetes-identity') !== undefined) this.#add('namePrefix', below);
      const version = extension('x-kubernetes-object-ref-api-version');
      const kind = extension('x-kubernetes-object-ref-kind');
      if (version !== undefined && kind !== undefined) {
        const fieldSpecs = [this.#spec([...below, extension('x-kubernetes-object-ref-name-key') ?? 'name'])];
        this.#merge(configOf({}, [{ kind, version, fieldSpecs }]));
      }
      if (typeof property.$ref === 'string') this.#collect(property.$ref, below, new Set([...above, name]));
    }
  }

  #add(table: 'commonAnnotations' | 'commonLabels' | 'namePrefix', path: readonly string[]): void {
    this.#merge(configOf({ [table]: [this.#spec(path)] }, []));
  }

  #spec(path: readonly string[]): FieldSpec {
    return { kind: this.#kind, path: path.join('/') };
  }

  #merge(more: FieldConfig): void {
    this.#config = mergeConfigs(this.#config, more);
  }
}

/** A definition is wrapped in `Schema`, as in kube-openapi's Go type. */
function propertiesOf(definition: YamlValue | undefined): ReadonlyMap<string, YamlValue> {
  const schema = isMap(definition) ? (definition.Schema ?? definition.schema) : undefined;
  const properties = isMap(schema) ? schema.properties : undefined;
  return new Map(isMap(properties) ? Object.entries(properties) : []);
}
