import type { YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { quoted } from '../../quoted.ts';
import type { FieldSpec } from '../fields/field-spec.ts';
import { generate } from '../generators/generate.ts';
import {
  type DecodedBy,
  type Decoder,
  integer,
  leniently,
  listOf,
  mapOf,
  struct,
  text,
  truth,
} from '../kustomization/decode.ts';
import * as shape from '../kustomization/shape.ts';
import type { Layer } from '../kustomize.ts';
import { addHashes } from '../passes/add-hashes.ts';
import { addTexts } from '../passes/add-texts.ts';
import { addValue } from '../passes/add-value.ts';
import type { Pass } from '../passes/pass.ts';
import { addPrefix, addSuffix } from '../passes/rename.ts';
import { loadReplacements, replaceValues } from '../passes/replace-values.ts';
import { setImage } from '../passes/set-images.ts';
import { type RoleBindingSubjects, setNamespace } from '../passes/set-namespace.ts';
import { setReplicas } from '../passes/set-replicas.ts';
import { jsonPatchPass, patchPass, strategicMergePass } from '../patches/patch-passes.ts';
import { Problem } from '../problem.ts';
import { Resource } from '../resources/resource.ts';
import { serviceAccountFor } from './iam-policy.ts';

const specs = listOf(shape.fieldSpec) as Decoder<readonly FieldSpec[]>;
const metadata = struct({ name: text, namespace: text, labels: mapOf(text), annotations: mapOf(text) });

/** What a kind of plugin does with its configuration. */
type Plugin<T> = (config: YamlValue, layer: Layer) => T;

function plugin<F extends Readonly<Record<string, Decoder<unknown>>>, T>(
  fields: F,
  work: (config: DecodedBy<ReturnType<typeof struct<F>>>, layer: Layer) => T,
): Plugin<T> {
  const decode = struct(fields);
  return (config, layer) => work(decode(config, '', leniently) as DecodedBy<ReturnType<typeof struct<F>>>, layer);
}

const patching = ({ loader, context }: Layer) => ({ loader, schemas: context.schemas });
const none: ReadonlyMap<string, string> = new Map();

const passes: Readonly<Record<string, Plugin<Pass>>> = {
  AnnotationsTransformer: plugin({ annotations: mapOf(text), fieldSpecs: specs }, ({ annotations, fieldSpecs }) =>
    addTexts(annotations ?? none, fieldSpecs ?? []),
  ),
  HashTransformer: () => addHashes,
  ImageTagTransformer: plugin({ imageTag: shape.image, fieldSpecs: specs }, ({ imageTag, fieldSpecs }) =>
    setImage(imageTag ?? {}, fieldSpecs ?? []),
  ),
  LabelTransformer: plugin({ labels: mapOf(text), fieldSpecs: specs }, ({ labels, fieldSpecs }) =>
    addTexts(labels ?? none, fieldSpecs ?? []),
  ),
  NamespaceTransformer: plugin(
    { metadata, fieldSpecs: specs, unsetOnly: truth, setRoleBindingSubjects: text },
    (config) => {
      const subjects = bindingSubjects(config.setRoleBindingSubjects);
      const namespace = config.metadata?.namespace ?? '';
      if (namespace === '') return () => {};
      const { fieldSpecs = [], unsetOnly = false } = config;
      return setNamespace({ namespace, fieldSpecs, unsetOnly, subjects });
    },
  ),
  PatchJson6902Transformer: plugin(
    { target: shape.selector, path: text, jsonOp: text },
    ({ target, path, jsonOp }, layer) =>
      jsonPatchPass(
        { ...(target && { target }), ...(path && { path }), ...(jsonOp && { patch: jsonOp }) },
        patching(layer),
      ),
  ),
  PatchStrategicMergeTransformer: plugin({ paths: listOf(text), patches: text }, ({ paths = [], patches }, layer) =>
    strategicMergePass([...paths, ...(patches ? [patches] : [])], patching(layer)),
  ),
  PatchTransformer: (config, layer) => patchPass(shape.patch(config, '', leniently), patching(layer)),
  PrefixTransformer: plugin({ prefix: text, fieldSpecs: specs }, ({ prefix, fieldSpecs }) =>
    addPrefix(prefix ?? '', demanded(fieldSpecs)),
  ),
  SuffixTransformer: plugin({ suffix: text, fieldSpecs: specs }, ({ suffix, fieldSpecs }) =>
    addSuffix(suffix ?? '', demanded(fieldSpecs)),
  ),
  PrefixSuffixTransformer: plugin(
    { prefix: text, suffix: text, fieldSpecs: specs },
    ({ prefix, suffix, fieldSpecs }) => {
      const both = [addPrefix(prefix ?? '', demanded(fieldSpecs)), addSuffix(suffix ?? '', demanded(fieldSpecs))];
      return (resources) => {
        for (const pass of both) pass(resources);
      };
    },
  ),
  ReplacementTransformer: plugin({ replacements: listOf(shape.replacementOrPath) }, ({ replacements = [] }, layer) =>
    replaceValues(loadReplacements(replacements, layer.loader), layer.loader.room),
  ),
  ReplicaCountTransformer: plugin({ replica: shape.replica, fieldSpecs: specs }, ({ replica, fieldSpecs }) =>
    setReplicas(replica ?? {}, fieldSpecs ?? []),
  ),
  ValueAddTransformer: plugin(
    {
      value: text,
      targets: listOf(struct({ selector: shape.selector, fieldPath: text, filePathPosition: integer })),
      targetFilePath: text,
    },
    (config, { loader }) => addValue(config, loader),
  ),
};

const generators: Readonly<Record<string, Plugin<readonly Resource[]>>> = {
  ConfigMapGenerator: (config, layer) => [generated('ConfigMap', config, layer)],
  SecretGenerator: (config, layer) => [generated('Secret', config, layer)],
  IAMPolicyGenerator: (config, { context, loader }) => [
    new Resource(serviceAccountFor(config), loader.name('.'), context.schemas),
  ],
};

export function builtInPass(kind: string, config: YamlValue, layer: Layer): Pass {
  const found = Object.hasOwn(passes, kind) ? passes[kind] : undefined;
  if (found === undefined) throw new Problem('configuration', `there is no transformer ${quoted(kind)}`);
  return found(config, layer);
}

export function builtInGenerator(kind: string, config: YamlValue, layer: Layer): readonly Resource[] {
  if (kind === 'HelmChartInflationGenerator') throw new Problem('refused', 'Helm charts are not inflated');
  const found = Object.hasOwn(generators, kind) ? generators[kind] : undefined;
  if (found === undefined) throw new Problem('configuration', `there is no generator ${quoted(kind)}`);
  return found(config, layer);
}

function generated(kind: 'ConfigMap' | 'Secret', config: YamlValue, { loader, context }: Layer): Resource {
  const args = shape.secretArgs(config, '', leniently);
  const { metadata: meta } = struct({ metadata })(config, '', leniently);
  const name = args.name || (meta?.name ?? '');
  const namespace = args.namespace || (meta?.namespace ?? '');
  return generate(kind, { ...args, name, namespace }, loader, context.schemas);
}

function demanded(fieldSpecs: readonly FieldSpec[] | undefined): readonly FieldSpec[] {
  if (fieldSpecs === undefined) throw new Problem('configuration', 'fieldSpecs are missing');
  return fieldSpecs;
}

function bindingSubjects(mode = ''): RoleBindingSubjects {
  if (mode === '') return 'defaultOnly';
  if (mode === 'defaultOnly' || mode === 'allServiceAccounts' || mode === 'none') return mode;
  throw new Problem('configuration', 'setRoleBindingSubjects is none of defaultOnly, allServiceAccounts and none');
}
