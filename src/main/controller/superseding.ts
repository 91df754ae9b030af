import type { StageSet } from '../../shared/api/types.ts';
import { type Pin, samePins } from '../source/pin.ts';
import { pinsIfUsable } from '../source/pin-sources.ts';
import type { World } from './world.ts';

export interface RunUnderWay {
  readonly set: StageSet;
  readonly pins: readonly Pin[] | undefined;
}

/** What has come that makes this run pointless, in words that name old and new; undefined while nothing has. */
export function whatSupersedes(
  { set, pins }: RunUnderWay,
  now: StageSet | undefined,
  world: Pick<World, 'sources' | 'settings'>,
): string | undefined {
  if (now === undefined || now.metadata.uid !== set.metadata.uid) return 'the StageSet is gone';
  const tearingDown = set.metadata.deletionTimestamp !== undefined;
  if (tearingDown) return undefined;
  if (now.metadata.deletionTimestamp !== undefined) return 'the StageSet is being deleted';
  if (now.metadata.generation !== set.metadata.generation) {
    return `generation ${set.metadata.generation} by generation ${now.metadata.generation}`;
  }
  const newer = pins === undefined ? undefined : pinsIfUsable(set, world);
  if (pins === undefined || newer === undefined || samePins(pins, newer)) return undefined;
  const moved = newer.find((pin, i) => pin.artifact.digest !== pins[i]?.artifact.digest) ?? newer[0];
  const before = pins.find((pin) => pin.stage === moved?.stage);
  return `stage "${moved?.stage}": revision ${before?.artifact.revision} by ${moved?.artifact.revision}`;
}
