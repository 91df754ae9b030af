import type { StagePatch } from '../../../shared/api/types.ts';
import type { YamlMap, YamlValue } from '../../../shared/yaml/yaml-value.ts';
import { committed } from '../committed.ts';
import type { ImportWishes } from '../imported.ts';
import type { Input } from '../input.ts';
import { patchesSecret, secretPatch } from '../secret-patch.ts';
import { ofKustomize } from './leave.ts';

/** Fields that a kustomization.yaml has under the same name. */
const same = ['namePrefix', 'nameSuffix', 'namespace', 'components', 'commonAnnotations'] as const;

/** What Argo CD adds to the kustomization.yaml, for the user to commit. */
export function kustomizeAdditions(source: Input, { showSecrets }: ImportWishes): YamlMap | undefined {
  const kustomize = source.part('kustomize');
  if (kustomize === undefined) return undefined;
  kustomize.leaveAll(ofKustomize);
  const images = kustomize.texts('images').map(imageOf);
  const patches = patchesOf(kustomize, showSecrets);
  const additions: YamlMap = {
    ...Object.fromEntries(
      same.flatMap((field): readonly (readonly [string, YamlValue])[] => {
        const value = kustomize.take(field);
        return value === undefined ? [] : [[field, value]];
      }),
    ),
    ...replicasOf(kustomize),
    ...labelsOf(kustomize),
    ...(images.length > 0 && { images }),
    ...(patches.length > 0 && { patches }),
  };
  for (const field of Object.keys(additions)) {
    const asked = kustomize.has(field) ? field : 'commonLabels';
    kustomize.note(asked, committed('Argo CD', field));
  }
  return Object.keys(additions).length > 0 ? additions : undefined;
}

/** Argo CD takes `count` as text, too; kustomize a number only. */
function replicasOf(kustomize: Input): YamlMap {
  const replicas = kustomize.parts('replicas').map((each) => {
    const count = each.take('count');
    return { name: each.take('name') ?? null, count: typeof count === 'string' ? Number(count) : (count ?? null) };
  });
  return replicas.length > 0 ? { replicas } : {};
}

function labelsOf(kustomize: Input): YamlMap {
  const withoutSelector = kustomize.bool('labelWithoutSelector') ?? false;
  const includeTemplates = kustomize.bool('labelIncludeTemplates') ?? false;
  const pairs = kustomize.take('commonLabels');
  if (pairs === undefined) return {};
  if (!withoutSelector) return { commonLabels: pairs };
  return { labels: [{ pairs, includeSelectors: false, ...(includeTemplates && { includeTemplates }) }] };
}

function patchesOf(kustomize: Input, showSecrets: boolean): readonly YamlValue[] {
  return kustomize.parts('patches').flatMap((patch, index): readonly YamlValue[] => {
    const whole: YamlMap = Object.fromEntries(patch.fields().map((field) => [field, patch.take(field) ?? null]));
    if (showSecrets || !patchesSecret({ patch: '', ...whole } as StagePatch)) return [whole];
    kustomize.note(`patches[${index}]`, secretPatch);
    return [];
  });
}

/** `[name=]newName[:tag][@digest]` */
function imageOf(text: string): YamlMap {
  const [, name, image = ''] = /^(?:([^=]+)=)?(.*)$/s.exec(text) ?? [];
  const [, base = '', newTag, digest] = /^(.*?)(?::([^:/@]+))?(?:@(.+))?$/s.exec(image) ?? [];
  return {
    name: name ?? base,
    ...(name !== undefined && base !== '' && name !== base && { newName: base }),
    ...(newTag !== undefined && { newTag }),
    ...(digest !== undefined && { digest }),
  };
}
