import { sourceRefOf } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { RunEnded } from '../outcome/outcome.ts';
import type { Pin } from '../source/pin.ts';
import { type Resolved, resolveSource, type SourceRef } from '../source/resolve.ts';
import type { World } from './world.ts';

/** Where each stage of this StageSet gets its manifests, in the spec's order. */
export function sourceRefsOf(set: StageSet): readonly { readonly stage: string; readonly ref: SourceRef }[] {
  const { namespace = '' } = set.metadata;
  return set.spec.stages.map((stage) => {
    const { apiVersion, ...ref } = sourceRefOf(stage, namespace);
    return { stage: stage.name, ref: { ...ref, apiVersion } };
  });
}

/** Pins every stage to what its source holds now, or ends the run with the first source that cannot be used. */
export function pinSources(set: StageSet, world: Pick<World, 'sources' | 'settings'>): readonly Pin[] {
  const { namespace: ownNamespace = '' } = set.metadata;
  const { noCrossNamespaceRefs } = world.settings;
  return sourceRefsOf(set).map(({ stage, ref }) => {
    const resolved = resolveSource(ref, world.sources, { ownNamespace, noCrossNamespaceRefs });
    if (resolved.is !== 'found') throw unusable(stage, resolved);
    return { stage, ref, artifact: resolved.artifact };
  });
}

/** The same, for whom a source that cannot be used is no news. */
export function pinsIfUsable(set: StageSet, world: Pick<World, 'sources' | 'settings'>): readonly Pin[] | undefined {
  try {
    return pinSources(set, world);
  } catch (error) {
    if (error instanceof RunEnded) return undefined;
    throw error;
  }
}

function unusable(stage: string, resolved: Exclude<Resolved, { readonly is: 'found' }>): RunEnded {
  // Nothing of another namespace may show, not even which stage's look-up said what.
  const message = resolved.message.startsWith('cross-namespace ')
    ? resolved.message
    : `stage "${stage}": ${resolved.message}`;
  return new RunEnded(
    resolved.is === 'ResolveFailed'
      ? { reason: 'ResolveFailed', message, cause: resolved.cause }
      : { reason: resolved.is, message },
  );
}
