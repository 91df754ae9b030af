import { sourceRefOf } from '../../shared/api/defaults.ts';
import type { Action, Stage, StageSet } from '../../shared/api/types.ts';
import type { WatchScope } from '../kube/watch-scope.ts';
import { RunEnded } from '../outcome/outcome.ts';
import type { Pin } from './pin.ts';
import { type Resolved, resolveSource, type SourceRef, type Sources } from './resolve.ts';

/** Where sources are looked up, and which may be. */
export interface SourcesAtHand {
  readonly sources: Sources;
  readonly settings: { readonly noCrossNamespaceRefs: boolean; readonly watchNamespaces: WatchScope };
}

export interface StageSource {
  readonly stage: string;
  readonly ref: SourceRef;
}

/** Where each stage of this StageSet gets its manifests, in the spec's order. */
export function sourceRefsOf(set: StageSet): readonly StageSource[] {
  return set.spec.stages.map((stage) => stageSourceOf(stage, set));
}

/** Where its `job` and `apply` actions get theirs. */
export function actionSourceRefsOf(set: StageSet): readonly SourceRef[] {
  return actionsOf(set).flatMap(({ job, apply }) => {
    const source = job ?? apply;
    if (source === undefined) return [];
    const { apiVersion, ...ref } = sourceRefOf(source, set.metadata.namespace ?? '');
    return [{ ...ref, apiVersion }];
  });
}

/** Of all hooks, and of migrations. */
export function actionsOf({ spec }: StageSet): readonly Action[] {
  const hooks = spec.stages.flatMap(({ actions = {} }) => [actions.pre, actions.post, actions.onFailure]);
  const migrations = (spec.migrations ?? []).map(({ actions }) => actions);
  return [...hooks, ...migrations].flatMap((actions) => actions ?? []);
}

export function stageSourceOf(stage: Stage, { metadata: { namespace = '' } }: StageSet): StageSource {
  const { apiVersion, ...ref } = sourceRefOf(stage, namespace);
  return { stage: stage.name, ref: { ...ref, apiVersion } };
}

/** Pins every stage to what its source holds now, or ends the run with the first source that cannot be used. */
export function pinSources(set: StageSet, atHand: SourcesAtHand): readonly Pin[] {
  return sourceRefsOf(set).map((source) => pinSource(source, set, atHand));
}

export function pinSource({ stage, ref }: StageSource, set: StageSet, atHand: SourcesAtHand): Pin {
  const resolved = resolveFor(set, ref, atHand);
  if (resolved.is !== 'found') throw unusable(stage, resolved);
  return { stage, ref, artifact: resolved.artifact };
}

/** What this source holds now, as far as the StageSet may know. */
export function resolveFor(set: StageSet, ref: SourceRef, { sources, settings }: SourcesAtHand): Resolved {
  const { namespace: ownNamespace = '' } = set.metadata;
  const { noCrossNamespaceRefs, watchNamespaces } = settings;
  return resolveSource(ref, sources, { ownNamespace, noCrossNamespaceRefs, watchNamespaces });
}

/** The same, for whom a source that cannot be used is no news. */
export function pinsIfUsable(set: StageSet, atHand: SourcesAtHand): readonly Pin[] | undefined {
  try {
    return pinSources(set, atHand);
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
