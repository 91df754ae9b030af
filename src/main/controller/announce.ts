import type { StageSetEvent } from '../events/recorder.ts';
import { revisionsOf } from '../source/pin.ts';
import type { Run } from './world.ts';

/** An event of a run tells the revisions that the run is about, once it knows them. */
export function announce(run: Run, event: Omit<StageSetEvent, 'revisions'>): void {
  run.world.events.record(run.set, { ...event, revisions: run.pins && revisionsOf(run.pins) });
}
