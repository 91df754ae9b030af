import { anything, type DecodedBy, integer, listOf, mapOf, struct, text, truth } from './decode.ts';

const gvk = { group: text, version: text, kind: text };

export const selector = struct({ ...gvk, name: text, namespace: text, annotationSelector: text, labelSelector: text });

export const patch = struct({
  path: text,
  patch: text,
  target: selector,
  options: struct({ allowNameChange: truth, allowKindChange: truth }),
});
export type PatchField = DecodedBy<typeof patch>;

export const fieldSpec = struct({ ...gvk, path: text, create: truth });

export const image = struct({ name: text, newName: text, tagSuffix: text, newTag: text, digest: text });
export type ImageField = DecodedBy<typeof image>;

export const replica = struct({ name: text, count: integer });
export type ReplicaField = DecodedBy<typeof replica>;

const fieldOptions = struct({ delimiter: text, index: integer, encoding: text, create: truth });
export type FieldOptions = DecodedBy<typeof fieldOptions>;

const replacementFields = {
  source: struct({ ...gvk, name: text, namespace: text, fieldPath: text, options: fieldOptions }),
  sourceValue: text,
  targets: listOf(
    struct({ select: selector, reject: listOf(selector), fieldPaths: listOf(text), options: fieldOptions }),
  ),
};
/** What stands in a file of replacements. */
export const replacement = struct(replacementFields);
export type ReplacementField = DecodedBy<typeof replacement>;

export const replacementOrPath = struct({ ...replacementFields, path: text });
export type ReplacementOrPath = DecodedBy<typeof replacementOrPath>;

export const generatorOptions = struct({
  labels: mapOf(text),
  annotations: mapOf(text),
  disableNameSuffixHash: truth,
  immutable: truth,
});
export type GeneratorOptions = DecodedBy<typeof generatorOptions>;

const generatorFields = {
  namespace: text,
  name: text,
  behavior: text,
  literals: listOf(text),
  files: listOf(text),
  envs: listOf(text),
  env: text,
  options: generatorOptions,
};
export const configMapArgs = struct(generatorFields);
export const secretArgs = struct({ ...generatorFields, type: text });
export type GeneratorArgs = DecodedBy<typeof secretArgs>;

export const label = struct({
  pairs: mapOf(text),
  includeSelectors: truth,
  includeTemplates: truth,
  includeVolumeClaimTemplates: truth,
  fields: listOf(fieldSpec),
});
export type LabelField = DecodedBy<typeof label>;

export const variable = struct({
  name: text,
  objref: struct({ apiVersion: text, ...gvk, name: text, namespace: text }),
  fieldref: struct({ fieldPath: text }),
});
export type VariableField = DecodedBy<typeof variable>;

export const sortOptions = struct({
  order: text,
  legacySortOptions: struct({ orderFirst: listOf(text), orderLast: listOf(text) }),
});
export type SortOptions = DecodedBy<typeof sortOptions>;

const objectMeta = struct({ name: text, namespace: text, labels: mapOf(text), annotations: mapOf(text) });

const helmGlobals = struct({ chartHome: text, configHome: text });

/** Every field of a kustomization. */
export const kustomization = struct({
  kind: text,
  apiVersion: text,
  metadata: objectMeta,
  openapi: mapOf(text),
  namePrefix: text,
  nameSuffix: text,
  namespace: text,
  commonLabels: mapOf(text),
  labels: listOf(label),
  commonAnnotations: mapOf(text),
  patchesStrategicMerge: listOf(text),
  patchesJson6902: listOf(patch),
  patches: listOf(patch),
  images: listOf(image),
  imageTags: listOf(image),
  replacements: listOf(replacementOrPath),
  replicas: listOf(replica),
  vars: listOf(variable),
  sortOptions,
  resources: listOf(text),
  components: listOf(text),
  crds: listOf(text),
  bases: listOf(text),
  configMapGenerator: listOf(configMapArgs),
  secretGenerator: listOf(secretArgs),
  helmGlobals,
  helmCharts: listOf(anything),
  helmChartInflationGenerator: listOf(anything),
  generatorOptions,
  configurations: listOf(text),
  generators: listOf(text),
  transformers: listOf(text),
  validators: listOf(text),
  buildMetadata: listOf(text),
});
export type Kustomization = DecodedBy<typeof kustomization>;
