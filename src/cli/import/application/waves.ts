import type { StagePatch } from '../../../shared/api/types.ts';
import { printYaml } from '../../../shared/go-yaml/print-yaml.ts';
import { HOOK, type Manifest, SYNC_WAVE } from './manifest.ts';

type Target = NonNullable<StagePatch['target']>;

/** The waves there are, first to last. */
export function wavesIn(manifests: readonly Manifest[]): readonly number[] {
  return [...new Set(manifests.map(({ wave }) => wave))].toSorted((a, b) => a - b);
}

/**
 * What leaves one wave of a folder: all others are deleted from what is rendered. Where it can be told by the annotation
 * alone it is, so that an object that joins a wave later is rolled out with it.
 */
export function onlyWave(wave: number, manifests: readonly Manifest[]): readonly StagePatch[] {
  const waves = wavesIn(manifests);
  if (waves.length < 2) return [];
  const spellings = spellingsOf(manifests, wave);
  if (wave > 0) return [without({ annotationSelector: `${SYNC_WAVE} notin (${spellings})` })];
  if (wave === 0) return [without({ annotationSelector: `${SYNC_WAVE},${SYNC_WAVE} notin (${spellings})` })];
  // A selector cannot name a negative number, only what is above and below others.
  const otherNegative = manifests.filter((each) => each.wave < 0 && each.wave !== wave);
  return [
    without({ annotationSelector: `!${SYNC_WAVE}` }),
    without({ annotationSelector: `${SYNC_WAVE}=0` }),
    without({ annotationSelector: `${SYNC_WAVE}>0` }),
    ...otherNegative.map((each) => without(exactly(each))),
  ];
}

/** Hooks of Argo CD lie among the rest and are no part of it. */
export const withoutHooks: StagePatch = without({ annotationSelector: HOOK });

/** This object and no other: a target's fields are regular expressions. */
export function exactly({ group, kind, name, namespace }: Manifest): Target {
  const literal = (text: string) => text.replaceAll(/[.+*?^${}()|[\]\\]/g, '\\$&');
  return {
    ...(group !== '' && { group: literal(group) }),
    kind: literal(kind),
    name: literal(name),
    ...(namespace !== undefined && { namespace: literal(namespace) }),
  };
}

function without(target: Target): StagePatch {
  return { patch: printYaml({ $patch: 'delete', apiVersion: 'v1', kind: 'Any', metadata: { name: 'any' } }), target };
}

function spellingsOf(manifests: readonly Manifest[], wave: number): string {
  const own = manifests.filter((each) => each.wave === wave).flatMap(({ annotations }) => annotations[SYNC_WAVE] ?? []);
  return [...new Set([String(wave), ...own.filter((text) => /^\d+$/.test(text))])].join(',');
}
