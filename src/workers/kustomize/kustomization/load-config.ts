import { configOf, emptyConfig, type FieldConfig, mergeConfigs, type NameReference } from '../fields/config.ts';
import type { Loader } from '../files/loader.ts';
import { placed } from '../problem.ts';
import { listOf, strictly, struct, text } from './decode.ts';
import { fieldSpec } from './shape.ts';
import { parseYaml11 } from './yaml11.ts';

const specs = listOf(fieldSpec);

const shape = struct({
  namePrefix: specs,
  nameSuffix: specs,
  namespace: specs,
  commonLabels: specs,
  labels: specs,
  templateLabels: specs,
  volumeClaimTemplateLabels: specs,
  commonAnnotations: specs,
  nameReference: listOf(struct({ group: text, version: text, kind: text, fieldSpecs: specs })),
  varReference: specs,
  images: specs,
  replicas: specs,
});

/** What the files under `configurations` add to the fields that passes work on. */
export function loadConfigurations(loader: Loader, paths: readonly string[]): FieldConfig {
  return paths.reduce((config, path) => mergeConfigs(config, loadConfiguration(loader, path)), emptyConfig);
}

function loadConfiguration(loader: Loader, path: string): FieldConfig {
  const text = loader.loadSettings(path);
  return placed(loader.name(path), () => {
    const { nameReference = [], ...tables } = shape(parseYaml11(text, loader.room), '', {
      ...strictly,
      lenientText: true,
    });
    const references = nameReference.map(
      ({ fieldSpecs = [], ...gvk }) => ({ ...gvk, fieldSpecs }) as unknown as NameReference,
    );
    return configOf(tables as Partial<FieldConfig>, references);
  });
}
