import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import type { Lane } from '../queue/lane.ts';

/** Why a StageSet is to run because it changed itself, or undefined: our own status writes start nothing. */
export function whyItRuns(
  now: StageSet,
  before: StageSet | undefined,
): { readonly because: string; readonly lane: Lane } | undefined {
  if (before === undefined) return { because: 'seen for the first time', lane: asksForWork(now) ? 'asked' : 'resync' };
  if (now.metadata.uid !== before.metadata.uid) return { because: 'created anew', lane: 'asked' };
  if (now.metadata.deletionTimestamp !== before.metadata.deletionTimestamp)
    return { because: 'deleted', lane: 'asked' };
  if (now.metadata.generation !== before.metadata.generation) return { because: 'spec changed', lane: 'asked' };
  if (hasFinalizer(before) && !hasFinalizer(now) && now.metadata.deletionTimestamp === undefined)
    return { because: 'its finalizer was taken away', lane: 'woken' };
  const changed = commands.find((key) => now.metadata.annotations?.[key] !== before.metadata.annotations?.[key]);
  return changed === undefined ? undefined : { because: `annotation ${changed} changed`, lane: 'asked' };
}

const commands = [
  keys.requestedAt,
  keys.forceAt,
  keys.reconcileStage,
  keys.updateNow,
  keys.allowEmpty,
  keys.forgetTarget,
] as const;

/** Without it a deletion would leave behind all that was applied. */
function hasFinalizer({ metadata: { finalizers = [] } }: StageSet): boolean {
  return finalizers.includes(keys.finalizer);
}

/** Nobody waits for one that was finished before this process began. */
function asksForWork({ metadata, status }: StageSet): boolean {
  if (metadata.deletionTimestamp !== undefined || status?.observedGeneration !== metadata.generation) return true;
  const requested = metadata.annotations?.[keys.requestedAt];
  return requested !== undefined && requested !== status?.lastHandledReconcileAt;
}

/** Whether dependents of this StageSet may see something new. The reason counts too: one that stalls may close a circle. */
export function readinessMoved(now: StageSet | undefined, before: StageSet | undefined): boolean {
  return verdictOf(now) !== verdictOf(before);
}

function verdictOf(set: StageSet | undefined): string {
  const ready = set?.status?.conditions?.find((condition) => condition.type === 'Ready');
  return `${ready?.status}/${ready?.reason}/${set?.metadata.generation}/${set?.status?.observedGeneration}`;
}
