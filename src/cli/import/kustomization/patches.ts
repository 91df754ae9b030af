import { stage } from '../../../shared/api/schema/stage.ts';
import type { StagePatch } from '../../../shared/api/types.ts';
import type { YamlMap, YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { type ImportWishes, metadataPatch } from '../imported.ts';
import type { Input } from '../input.ts';
import { patchesSecret, secretPatch } from '../secret-patch.ts';

const { patches: patchList } = stage.fields;
const { target } = patchList.items.fields;

/** All in one list, in the order in which kustomize goes through the three that v1beta2 had. */
export function patchesOf(spec: Input, { showSecrets }: ImportWishes): readonly StagePatch[] {
  const byField: Readonly<Record<string, readonly StagePatch[]>> = {
    patchesStrategicMerge: itemsOf(spec.take('patchesStrategicMerge')).map((patch) => ({ patch: textOf(patch) })),
    patches: spec.copy<readonly StagePatch[]>('patches', patchList) ?? [],
    patchesJson6902: spec.parts('patchesJson6902').map((each) => ({
      patch: textOf(each.take('patch')),
      ...(each.has('target') && { target: each.copy<NonNullable<StagePatch['target']>>('target', target) ?? {} }),
    })),
  };
  return Object.entries(byField).flatMap(([field, patches]) =>
    patches.filter((patch, index) => {
      if (showSecrets || !patchesSecret(patch)) return true;
      spec.note(`${field}[${index}]`, secretPatch);
      return false;
    }),
  );
}

function itemsOf(value: YamlValue | undefined): readonly YamlValue[] {
  return Array.isArray(value) ? value : [];
}

function textOf(patch: YamlValue | undefined): string {
  return typeof patch === 'string' ? patch : JSON.stringify(patch ?? []);
}

/** Flux sets it on every object, after all else: so does a patch that comes last. */
export function commonMetadataOf(spec: Input): readonly StagePatch[] {
  const common = spec.part('commonMetadata');
  if (common === undefined) return [];
  const labels = common.take('labels');
  const annotations = common.take('annotations');
  const metadata: YamlMap = {
    ...(labels !== undefined && { labels }),
    ...(annotations !== undefined && { annotations }),
  };
  return Object.keys(metadata).length > 0 ? [metadataPatch(metadata)] : [];
}
