import { describeObjectId } from '../../shared/objects/object-id.ts';
import type { Applied } from '../apply/apply-object.ts';
import { announce } from './announce.ts';
import { named } from './named.ts';
import type { Run } from './world.ts';

/** What an apply had to mend although nobody released anything was drift: counted, and told once a stage and apply. */
export function countDrift(run: Run, stage: string, applied: readonly Applied[]): void {
  const drifted = applied.filter(({ effect }) => effect !== 'unchanged');
  if (drifted.length === 0) return;
  run.world.metrics.driftCorrected(run.set, stage, drifted.length);
  tellDrift(run, `stage "${stage}": corrected ${withWriters(drifted)}`);
  const lost = drifted.filter(({ object }) => run.memory.corrections.note(object.id) === 'lost');
  if (lost.length === 0) return;
  tellDrift(run, `stage "${stage}": changed again and again, corrected at the interval only: ${withWriters(lost)}`);
}

/** Each time is an event of its own: it happened again, and is not the same told twice. */
export function tellDrift(run: Run, note: string): void {
  const occasion = run.world.clock.elapsedMs();
  announce(run, { type: 'Warning', reason: 'DriftCorrected', note, occasion });
}

function withWriters(applied: readonly Applied[]): string {
  const writers = new Map(applied.map(({ object, before }) => [object.id, before?.writer]));
  return named([...writers.keys()], (id) => {
    const writer = writers.get(id);
    return writer === undefined ? describeObjectId(id) : `${describeObjectId(id)} (last written by ${writer})`;
  });
}

/** The last run succeeded, as far as it was let, with this very spec and these very revisions. */
export function isSteady({ set, pins }: Pick<Run, 'set' | 'pins'>): boolean {
  const { status, metadata } = set;
  const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
  const stood = ready?.status === 'True' || ready?.reason === 'UpdateDeferred';
  if (!stood || status?.observedGeneration !== metadata.generation || pins === undefined) return false;
  const applied = new Map((status?.stages ?? []).map(({ name, appliedRevision }) => [name, appliedRevision]));
  return pins.every(({ stage, artifact }) => applied.get(stage) === artifact.revision);
}
