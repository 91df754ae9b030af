import type { FieldConfig } from './fields/config.ts';
import { type FieldSpec, mergeFieldSpecs } from './fields/field-spec.ts';
import { generate, withGlobalOptions } from './generators/generate.ts';
import type { LabelField } from './kustomization/shape.ts';
import { joined, type Layer } from './kustomize.ts';
import { addTexts } from './passes/add-texts.ts';
import type { Pass } from './passes/pass.ts';
import { addPrefix, addSuffix } from './passes/rename.ts';
import { loadReplacements, replaceValues } from './passes/replace-values.ts';
import { setImage } from './passes/set-images.ts';
import { setNamespace } from './passes/set-namespace.ts';
import { setReplicas } from './passes/set-replicas.ts';
import { jsonPatchPass, patchPass, strategicMergePass } from './patches/patch-passes.ts';
import type { Origin } from './resources/origin.ts';
import type { Resource } from './resources/resource.ts';

/** A pass, and what it is called in the annotations about origins. */
export interface Step {
  readonly pass: Pass;
  readonly origin: Origin | undefined;
}

/** What a generator made. */
export interface Generation {
  readonly generated: readonly Resource[];
  readonly origin: Origin | undefined;
}

/** The objects of a kustomization's own generators, in kustomize's order. */
export function* ownGenerators(layer: Layer): Generator<Generation> {
  const { loader, context, kustomization } = layer;
  const { configMapGenerator = [], secretGenerator = [], generatorOptions } = kustomization.fields;
  for (const args of configMapGenerator) {
    const options = withGlobalOptions(args.options, generatorOptions);
    const generated = generate('ConfigMap', { ...args, options }, loader, context.schemas);
    yield { generated: [generated], origin: builtIn(layer, 'ConfigMapGenerator') };
  }
  for (const args of secretGenerator) {
    const options = withGlobalOptions(args.options, generatorOptions);
    const generated = generate('Secret', { ...args, options }, loader, context.schemas);
    yield { generated: [generated], origin: builtIn(layer, 'SecretGenerator') };
  }
}

/** The passes that a kustomization's own fields ask for, in kustomize's order, whatever order they are written in. */
export function ownPasses(layer: Layer, config: FieldConfig): readonly Step[] {
  const { fields } = layer.kustomization;
  const patching = { loader: layer.loader, schemas: layer.context.schemas };
  const { namespace, namePrefix, nameSuffix, commonLabels = new Map(), labels = [], commonAnnotations } = fields;
  const { patchesStrategicMerge = [], patches = [], patchesJson6902 = [], replacements = [] } = fields;
  const step = (kind: string, ...passes: readonly Pass[]): readonly Step[] =>
    passes.map((pass) => ({ pass, origin: builtIn(layer, kind) }));
  return [
    ...(patchesStrategicMerge.length > 0
      ? step('PatchStrategicMergeTransformer', strategicMergePass(patchesStrategicMerge, patching))
      : []),
    ...step('PatchTransformer', ...patches.map((patch) => patchPass(patch, patching))),
    ...(namespace ? step('NamespaceTransformer', setNamespace({ namespace, fieldSpecs: config.namespace })) : []),
    ...(namePrefix ? step('PrefixTransformer', addPrefix(namePrefix, config.namePrefix)) : []),
    ...(nameSuffix ? step('SuffixTransformer', addSuffix(nameSuffix, config.nameSuffix)) : []),
    ...step(
      'LabelTransformer',
      ...labels.map((label) => addTexts(label.pairs ?? new Map(), labelSpecs(label, config))),
    ),
    ...(labels.length > 0 || commonLabels.size > 0
      ? step('LabelTransformer', addTexts(commonLabels, config.commonLabels))
      : []),
    ...(commonAnnotations?.size
      ? step('AnnotationsTransformer', addTexts(commonAnnotations, config.commonAnnotations))
      : []),
    ...step('PatchJson6902Transformer', ...patchesJson6902.map((patch) => jsonPatchPass(patch, patching))),
    ...step('ReplicaCountTransformer', ...(fields.replicas ?? []).map((each) => setReplicas(each, config.replicas))),
    ...step('ImageTagTransformer', ...(fields.images ?? []).map((image) => setImage(image, config.images))),
    ...(replacements.length > 0
      ? step('ReplacementTransformer', replaceValues(loadReplacements(replacements, layer.loader), layer.loader.room))
      : []),
  ];
}

function labelSpecs(label: LabelField, config: FieldConfig): readonly FieldSpec[] {
  const specs = mergeFieldSpecs((label.fields ?? []) as readonly FieldSpec[], config.labels);
  if (label.includeSelectors) return mergeFieldSpecs(specs, config.commonLabels);
  const withTemplates = label.includeTemplates ? mergeFieldSpecs(specs, config.templateLabels) : specs;
  const withClaims = label.includeVolumeClaimTemplates
    ? mergeFieldSpecs(withTemplates, config.volumeClaimTemplateLabels)
    : withTemplates;
  return mergeFieldSpecs(withClaims, [{ path: 'metadata/labels', create: true }]);
}

function builtIn({ context, kustomization, path }: Layer, kind: string): Origin | undefined {
  if (!context.tracksOrigins) return undefined;
  return {
    configuredIn: joined(path, kustomization.fileName),
    configuredBy: { apiVersion: 'builtin', kind },
  };
}
