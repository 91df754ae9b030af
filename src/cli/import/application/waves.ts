import type { StagePatch } from '../../../shared/api/types.ts';
import { printYaml } from '../../../shared/go-yaml/print-yaml.ts';
import type { Input } from '../input.ts';
import { exactly } from '../one-object.ts';
import { describe, HELM_WEIGHT, HOOK, integerOf, type Manifest, SYNC_WAVE } from './manifest.ts';

type Target = NonNullable<StagePatch['target']>;

/** The waves there are, first to last. */
export function wavesIn(manifests: readonly Manifest[]): readonly number[] {
  return [...new Set(manifests.map(({ wave }) => wave))].toSorted((a, b) => a - b);
}

/**
 * What leaves one wave of a folder: the objects of all others are deleted from what is rendered. A stage takes what comes
 * after the wave before it, and the last all the rest, so that an object is rolled out whatever wave it is moved to.
 */
export function onlyWave(wave: number, manifests: readonly Manifest[]): readonly StagePatch[] {
  const waves = wavesIn(manifests);
  const at = waves.indexOf(wave);
  const before = waves[at - 1] ?? Number.NEGATIVE_INFINITY;
  const last = at === waves.length - 1 ? Number.POSITIVE_INFINITY : wave;
  const selectors = [...upTo(before), ...after(last)];
  // A selector cannot tell one negative number from another, nor read an odd zero: those objects are named, one by one.
  const elsewhere = manifests.filter((each) => each.wave <= before || each.wave > last);
  const named = elsewhere.filter((each) => (each.wave < 0 ? before < -1 : isOddZero(each)));
  return [...selectors.map((annotationSelector) => without({ annotationSelector })), ...named.map(exactlyWithout)];
}

/** `00`, or what is no number at all. */
function isOddZero({ wave, annotations }: Manifest): boolean {
  return wave === 0 && (annotations[SYNC_WAVE] ?? '0') !== '0';
}

/** An object without a wave is in wave 0. */
function upTo(before: number): readonly string[] {
  if (before >= 0) return [`!${SYNC_WAVE}`, `${SYNC_WAVE}<${before + 1}`];
  return before === -1 ? [`${SYNC_WAVE}<0`] : [];
}

function after(last: number): readonly string[] {
  if (last === Number.POSITIVE_INFINITY) return [];
  return last >= 0 ? [`${SYNC_WAVE}>${last}`] : [`!${SYNC_WAVE}`, `${SYNC_WAVE}=0`, `${SYNC_WAVE}>0`];
}

function exactlyWithout(manifest: Manifest): StagePatch {
  return without(exactly(manifest));
}

/** Hooks of Argo CD lie among the rest and are no part of it. */
export const withoutHooks: StagePatch = without({ annotationSelector: HOOK });

function without(target: Target): StagePatch {
  return { patch: printYaml({ $patch: 'delete', apiVersion: 'v1', kind: 'Any', metadata: { name: 'any' } }), target };
}

/** What Argo CD reads as a wave, and whoever wrote it may not have meant. */
export function noteWaves(manifests: readonly Manifest[], input: Input): void {
  for (const manifest of manifests) {
    const { annotations, phases, wave } = manifest;
    if (SYNC_WAVE in annotations && integerOf(annotations[SYNC_WAVE]) === undefined) {
      input.noteAt(`${describe(manifest)}: ${SYNC_WAVE}`, [
        `it is no integer, which Argo CD passes over: the wave is ${wave}, there and here`,
        'write the wave that is meant and import again',
      ]);
    }
    if (phases.length === 0 && wave === 0 && (integerOf(annotations[HELM_WEIGHT]) ?? 0) !== 0) {
      input.noteAt(`${describe(manifest)}: ${HELM_WEIGHT}`, [
        'Argo CD takes it for the wave of an object that has none',
        `write it as ${SYNC_WAVE} and import again`,
      ]);
    }
  }
}
