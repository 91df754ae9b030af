import { describeObjectId, type ObjectId } from '../../shared/objects/object-id.ts';
import type { Applied } from '../apply/apply-waves.ts';
import { revisionsOf } from '../source/pin.ts';
import type { Run } from './world.ts';

const NAMED = 10;

/** What an apply had to mend although nobody released anything was drift: counted, and told once a stage and run. */
export function countDrift(run: Run, stage: string, applied: readonly Applied[]): void {
  if (!isSteady(run)) return;
  const ids = applied.filter(({ effect }) => effect !== 'unchanged').map(({ object }) => object.id);
  if (ids.length === 0) return;
  for (const id of ids) run.memory.corrections.note(id);
  run.world.metrics.driftCorrected(run.set, stage, ids.length);
  tell(run, `stage "${stage}": corrected ${named(ids)}`);
  const lost = ids.filter((id) => run.memory.corrections.isLost(id));
  if (lost.length === 0) return;
  const meanwhile = 'is changed again and again by somebody else: corrected at the interval only from here on';
  tell(run, `stage "${stage}": ${named(lost)} ${meanwhile}`);
}

function tell(run: Run, note: string): void {
  const revisions = revisionsOf(run.pins ?? []);
  run.world.events.record(run.set, { type: 'Warning', reason: 'DriftCorrected', note, revisions });
}

function named(ids: readonly ObjectId[]): string {
  const more = ids.length > NAMED ? ` and ${ids.length - NAMED} more` : '';
  return `${ids.slice(0, NAMED).map(describeObjectId).join(', ')}${more}`;
}

/** The last run succeeded with this very spec and these very revisions. */
export function isSteady({ set, pins }: Run): boolean {
  const { status, metadata } = set;
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  if (ready?.status !== 'True' || status?.observedGeneration !== metadata.generation || pins === undefined)
    return false;
  const applied = status?.lastAppliedRevisions ?? {};
  const wanted = Object.entries(revisionsOf(pins));
  return wanted.length === Object.keys(applied).length && wanted.every(([key, revision]) => applied[key] === revision);
}
