import type { StagePatch } from '../../../shared/api/types.ts';
import type { YamlMap, YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { committed } from '../committed.ts';
import type { Input } from '../input.ts';

/** Fields of a Kustomization, and their names in the kustomization.yaml that Flux writes them to. */
const written = {
  targetNamespace: 'namespace',
  namePrefix: 'namePrefix',
  nameSuffix: 'nameSuffix',
  images: 'images',
  components: 'components',
  buildMetadata: 'buildMetadata',
} as const;

interface Additions {
  readonly addition: YamlMap | undefined;
  readonly stagePatches: readonly StagePatch[];
}

/**
 * What is to be added to the kustomization.yaml. Patches go with it: kustomize knows the objects there by the names and
 * with the images that they have before the rest is done, a stage's patches come after it.
 */
export function additionsOf(spec: Input, patches: readonly StagePatch[]): Additions {
  const added = Object.entries(written).flatMap(([field, name]): readonly (readonly [string, YamlValue])[] => {
    const value = spec.take(field);
    if (value === undefined) return [];
    spec.note(field, committed('Flux', name));
    return [[name, value]];
  });
  if (added.length === 0) return { addition: undefined, stagePatches: patches };
  const all = patches.length > 0 ? [...added, ['patches', patches as unknown as YamlValue] as const] : added;
  return { addition: Object.fromEntries(all), stagePatches: [] };
}
