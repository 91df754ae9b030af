import type { StageSet } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { decideWindows } from '../../shared/windows/decision.ts';
import type { ActionPins } from '../source/action-pins.ts';
import { type Pin, samePins } from '../source/pin.ts';
import { pinsIfUsable, resolveFor } from '../source/pin-sources.ts';
import type { World } from './world.ts';

export interface RunUnderWay {
  readonly set: StageSet;
  readonly pins: readonly Pin[] | undefined;
  readonly actionPins: Pick<ActionPins, 'inUse'>;
  /** The update-now token that it has seen to. */
  readonly override: string | undefined;
}

/** Since this run of it began. */
export function isToGo(now: StageSet | undefined, { metadata }: StageSet): boolean {
  if (now?.metadata.uid !== metadata.uid) return true;
  return now?.metadata.deletionTimestamp !== undefined && metadata.deletionTimestamp === undefined;
}

/** What has come that makes this run pointless, in words that name old and new; undefined while nothing has. */
export function whatSupersedes(
  { set, pins, actionPins, override }: RunUnderWay,
  now: StageSet | undefined,
  world: Pick<World, 'sources' | 'settings' | 'clock'>,
): string | undefined {
  if (now === undefined || now.metadata.uid !== set.metadata.uid) return 'the StageSet is gone';
  const tearingDown = set.metadata.deletionTimestamp !== undefined;
  if (tearingDown) return undefined;
  if (isToGo(now, set)) return 'the StageSet is being deleted';
  if (now.metadata.generation !== set.metadata.generation) {
    return `generation ${set.metadata.generation} by generation ${now.metadata.generation}`;
  }
  const action = actionPins.inUse.find((pin) => hasMoved(pin, set, world));
  if (action !== undefined)
    return `${action.ref.kind} "${action.ref.name}" has moved on from ${action.artifact.revision}`;
  const newer = pins === undefined ? undefined : pinsIfUsable(set, world);
  if (pins === undefined || newer === undefined || samePins(pins, newer)) return undefined;
  if (!letsNewRevisionsThrough(now, override, world.clock.wallMs())) return undefined;
  const pinOf = (stage: string) => pins.find((pin) => pin.stage === stage);
  const moved = newer.find(({ stage, artifact }) => artifact.digest !== pinOf(stage)?.artifact.digest) ?? newer[0];
  const before = moved === undefined ? undefined : pinOf(moved.stage);
  return `stage "${moved?.stage}": revision ${before?.artifact.revision ?? 'none'} by ${moved?.artifact.revision}`;
}

/** By windows that are open, or by a person who has said so since the run began. */
function letsNewRevisionsThrough({ metadata, spec }: StageSet, seen: string | undefined, nowMs: number): boolean {
  const override = metadata.annotations?.[keys.updateNow] || seen;
  return override !== seen || decideWindows(spec.updateWindows ?? [], nowMs).is === 'open';
}

/** One that cannot be used just now has not. */
function hasMoved({ ref, artifact }: Pin, set: StageSet, atHand: Pick<World, 'sources' | 'settings'>): boolean {
  const now = resolveFor(set, ref, atHand);
  return now.is === 'found' && (now.artifact.digest !== artifact.digest || now.artifact.revision !== artifact.revision);
}
