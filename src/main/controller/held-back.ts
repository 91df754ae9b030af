import { isDeepStrictEqual } from 'node:util';
import { retryIntervalMs } from '../../shared/api/defaults.ts';
import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { parseDurationMs } from '../../shared/time/duration.ts';
import { requestedToken } from '../actions/reconcile-stage.ts';
import { revisionsOf } from '../source/pin.ts';
import type { Run } from './world.ts';

/** Nothing to do for so long. */
export interface HeldBack {
  readonly heldMs: number;
}

export function heldBack({ set, world, memory, pins = [] }: Run): HeldBack | undefined {
  if (memory.inputsMoved) return undefined;
  const { clock, settings } = world;
  const at = { revisions: revisionsOf(pins), nowMs: clock.wallMs(), defaultIntervalMs: settings.defaultIntervalMs };
  const heldMs = heldBackMs(set, at);
  return heldMs > 0 ? { heldMs } : undefined;
}

export interface RolloutAtHand {
  readonly revisions: Readonly<Record<string, string>>;
  readonly nowMs: number;
  readonly defaultIntervalMs: number;
}

/**
 * How long a rollout that was rolled back is left alone, though events may wake its StageSet: until `retryInterval` has
 * passed or something has changed. Status knows of it, so it holds after a restart too. Zero: now.
 */
export function heldBackMs(set: StageSet, at: RolloutAtHand): number {
  const { metadata, spec, status } = set;
  const [last] = status?.history ?? [];
  const isSame =
    last?.rolledBack === true &&
    spec.rollbackOnFailure === true &&
    last.generation === metadata.generation &&
    isDeepStrictEqual({ ...last.revisions }, { ...at.revisions }) &&
    !isAskedFor(set);
  if (!isSame) return 0;
  const endedMs = Date.parse(last.startedAt) + (parseDurationMs(last.duration) ?? 0);
  return Math.max(0, endedMs + retryIntervalMs(spec, at.defaultIntervalMs) - at.nowMs);
}

/** The last run has not seen this request. */
function isAskedFor(set: StageSet): boolean {
  const { metadata, spec, status } = set;
  const asked = metadata.annotations?.[keys.requestedAt];
  if (asked !== undefined && asked !== status?.lastHandledReconcileAt) return true;
  return spec.stages.some((stage) => {
    const token = requestedToken(set, stage.name);
    return token !== undefined && token !== status?.stages?.find(({ name }) => name === stage.name)?.ledgerToken;
  });
}
