import { posix } from 'node:path';
import { printYaml } from '../../../shared/go-yaml/print-yaml.ts';
import { isMap, type YamlMap } from '../../../shared/yaml/yaml-value.ts';
import type { HookFile } from '../imported.ts';
import { stageName } from '../names.ts';
import type { HookGroup } from './hooks.ts';
import type { Manifest } from './manifest.ts';

/** A file for each hook, in the folder that its action renders. */
export function hookFilesOf(stage: string, hooks: readonly HookGroup[]): readonly HookFile[] {
  return hooks.flatMap(({ folder, manifests }) =>
    manifests.map((manifest) => ({
      stage,
      path: posix.join(folder, `${stageName(manifest.kind)}-${stageName(manifest.name)}.yaml`),
      text: printYaml(asOrdinary(manifest)),
    })),
  );
}

/** What made it a hook is gone, and a name that was to be made up is a name. */
function asOrdinary({ object, name }: Manifest): YamlMap {
  const { generateName: _, annotations, ...metadata } = isMap(object.metadata) ? object.metadata : {};
  const kept = Object.entries(isMap(annotations) ? annotations : {}).filter(
    ([key]) => !/^(?:argocd\.argoproj\.io\/|helm\.sh\/hook)/.test(key),
  );
  return {
    ...object,
    metadata: { ...metadata, name, ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }) },
  };
}
