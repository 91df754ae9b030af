import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { RuntimeError } from '../cli-error.ts';
import { conditionOf, isWaiting } from '../summary.ts';

/** What has become of a StageSet at rest. */
export type Verdict = { readonly is: 'ready' | 'notReady'; readonly because: string };

/** Undefined while something is still to come: a run, a wait for others, or an answer to a request. */
export function verdictOf(set: StageSet): Verdict | undefined {
  return isAtRest(set) && waitOf(set) === undefined ? outcomeOf(set) : undefined;
}

/** What one waits for that nothing is asked of, and nothing done to; undefined where it does not merely wait. */
export function waitOf(set: StageSet): string | undefined {
  const outcome = isAtRest(set) ? outcomeOf(set) : undefined;
  const isHeld = outcome?.is === 'notReady' && isWaiting(conditionOf(set.status, 'Ready')?.reason ?? '');
  return isHeld ? outcome.because : undefined;
}

/** How its last run has ended. */
export function outcomeOf({ status }: StageSet): Verdict | undefined {
  const ready = conditionOf(status, 'Ready');
  if (ready === undefined) return undefined;
  return { is: ready.status === 'True' ? 'ready' : 'notReady', because: `${ready.reason}: ${ready.message}` };
}

function isAtRest({ metadata, spec, status }: StageSet): boolean {
  const asked = metadata.annotations?.[keys.requestedAt];
  // A suspended one hears no request, but for a forced one.
  const isHeard = spec.suspend !== true || metadata.annotations?.[keys.forceAt] === asked;
  const isAsked = asked !== undefined && isHeard && asked !== status?.lastHandledReconcileAt;
  const isWorking = conditionOf(status, 'Reconciling')?.status === 'True';
  return status?.observedGeneration === metadata.generation && !isWorking && !isAsked;
}

/** The line that ends it; throws where the StageSet is not ready. */
export function conclude({ metadata: { namespace, name } }: StageSet, { is, because }: Verdict): string {
  if (is === 'ready') return because;
  throw new RuntimeError(
    `StageSet ${namespace}/${name} is not ready: ${because}: ask stagesetctl why ${name} -n ${namespace}`,
  );
}

export function goneError(namespace: string, name: string): RuntimeError {
  return new RuntimeError(`StageSet ${namespace}/${name} was deleted meanwhile`);
}
