import type { StagePatch } from '../../../shared/api/types.ts';
import { printYaml } from '../../../shared/go-yaml/print-yaml.ts';
import { exactly } from '../one-object.ts';
import { HOOK, type Manifest, SYNC_WAVE } from './manifest.ts';

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
  // A selector cannot tell one negative number from another: those objects are named, one by one.
  const named = manifests.filter((each) => each.wave < 0 && ((each.wave <= before && before < -1) || each.wave > last));
  return [...selectors.map((annotationSelector) => without({ annotationSelector })), ...named.map(exactlyWithout)];
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
