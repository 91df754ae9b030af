import type { StagePhase } from '../../shared/api/types.ts';
import { keys } from '../../shared/labels.ts';
import { revisionsOf } from '../source/pin.ts';
import { begun, phaseOf, type RunFacts, withStage, working } from '../status/compose.ts';
import { isSteady } from './drift.ts';
import type { StageToRoll } from './plans.ts';
import type { Run } from './world.ts';

export function factsOf({ set, startedMs }: Pick<Run, 'set' | 'startedMs'>): RunFacts {
  return {
    generation: set.metadata.generation ?? 0,
    stages: set.spec.stages.map((stage) => stage.name),
    startedMs,
    requestedAt: set.metadata.annotations?.[keys.requestedAt],
  };
}

/** Tells that a rollout starts. A run that finds everything as it should be tells nothing. */
export function showBeginning(run: Run): void {
  if (isSteady(run)) return;
  const revisions = revisionsOf(run.pins ?? []);
  run.status.show((status) => begun(status, factsOf(run), revisions, run.world.clock.wallMs()));
}

export function showPhase(run: Run, stage: string, phase: StagePhase, doing: string): void {
  const step = `stage "${stage}": ${doing}`;
  run.status.show((status) =>
    working(withStage(status, stage, { phase, message: doing }), factsOf(run), step, run.world.clock.wallMs()),
  );
}

/** A stage that was ready and still is changes nothing in status. */
export function showReady(run: Run, { stage, pin, plan }: StageToRoll): void {
  const { revision } = pin.artifact;
  const wasReady = phaseOf(run.status.status, stage.name) === 'Ready';
  if (!wasReady || !isSteady(run)) run.world.metrics.stageApplied(run.set, stage.name);
  run.status.show((status) =>
    withStage(status, stage.name, {
      phase: 'Ready',
      appliedRevision: revision,
      entriesCount: plan.objects.length,
      shards: run.inventory.read().get(stage.name)?.shards.length ?? 0,
      message: '',
    }),
  );
}
